"""The pages of commitments: who may do what there, what stops bad input, and that a claim never looks like a result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hamgara import clock
from hamgara.domain.commitments import commands
from hamgara.domain.commitments.models import Commitment, EvidenceFile
from hamgara.domain.demands.commands import made_safe
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.queries import about
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import ActingPerson, Mandate
from tests import factories as make
from tests.commitments import promises
from tests.oversight import examining as examine
from tests.web.readers import boxes, citizen, day, office, once, reader, said, unit_officer, wrong_fields
from tests.web.sending import few_queries, fill_in, form_on, offers, served

pytestmark = pytest.mark.django_db
State = Commitment.State


def browser_of(actor: ActingPerson, **more: Any) -> Client:
    """Somebody's browser; whoever works for the municipality has shown the second factor."""
    works_there = actor.organisation is not None and actor.organisation.is_unit
    return reader(actor.person, **({"second_factor": works_there} | more))


def page(commitment: Commitment) -> str:
    return f"/commitments/{commitment.code}/"


def act(commitment: Commitment, verb: str) -> str:
    return f"/commitments/{commitment.code}/do/{verb}/"


def state_of(commitment: Commitment) -> str:
    return Commitment.objects.get(pk=commitment.pk).state


def wish(**more: Any) -> dict[str, Any]:
    """A promise as it is filled in."""
    return (
        {
            "title": "روشن کردن کوچه",
            "what": "همهٔ چراغ‌های سوخته تعویض می‌شود.",
            "indicators_0_text": "چراغ روشن",
            "indicators_0_target": "۱۲",
            "indicators_0_unit": "چراغ",
            "once": once(),
        }
        | day("due", 40)
        | more
    )


def joint() -> tuple[Commitment, ActingPerson, ActingPerson]:
    """A proposal: the commitment, who leads it, and who is asked."""
    partner = make.organisation()
    demand = make.admitted(unit=make.unit())
    lead = promises.unit_officer(demand)
    return promises.promised(demand, by=lead, partners=[partner]), lead, make.head_of(partner)


# --- reading ---------------------------------------------------------------------------------------------------------


def test_everybody_reads_commitments_in_both_languages() -> None:
    commitment = promises.promised()
    for language in ("fa", "en"):
        for browser in (reader(language=language), citizen(language=language), office(language=language)):
            assert browser.get("/commitments/").status_code == 200
            assert browser.get(page(commitment)).status_code == 200
            assert browser.get("/commitments/commitments.csv").status_code == 200


def test_a_code_is_found_in_persian_digits_and_an_unknown_one_is_not_there() -> None:
    commitment = promises.promised()
    persian = commitment.code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert reader().get(f"/commitments/{persian}/").status_code == 200
    for code in ("12345678-9", "nothing", "1" * 300):
        assert reader().get(f"/commitments/{code}/").status_code == 404


def test_the_list_is_searched_and_filtered_and_lets_nonsense_pass() -> None:
    commitment = promises.promised(title="چراغ کوچهٔ بهار")
    promises.promised(title="نیمکت پارک")
    body = commitment.lead
    for query in ("q=بهار", f"organisation={body.code}", f"q={commitment.code}"):
        found = said(reader().get(f"/commitments/?{query}"))
        assert "چراغ کوچهٔ بهار" in found
        assert "نیمکت پارک" not in found
    assert "No commitment fits" in said(reader().get("/commitments/?tab=verified"))
    for query in ("page=x", "page=999", "sort=wrong", "place=nowhere", "tab=nothing", "overdue=on", "q=%00"):
        assert reader().get(f"/commitments/?{query}").status_code == 200, query


def test_what_is_claimed_and_what_is_verified_are_counted_apart() -> None:
    review = examine.settled(("broken", "broken", "broken"))
    promises.reported()
    words = said(reader().get("/commitments/"))
    assert "2 reported done" in words
    assert "0 kept in full" in words
    assert "0 partly kept, 1 not kept, of 1 examined" in words
    detail = reader().get(page(review.commitment)).content.decode()
    assert detail.index("claim-side") < detail.index("verdict-side contested")


def test_a_changed_date_keeps_the_old_one_in_view() -> None:
    commitment = promises.promised()
    old = commitment.due
    by = promises.leader(commitment)
    sent = {"reason": "باران"} | day("due", 100)
    assert fill_in(browser_of(by), page(commitment), act(commitment, "due"), **sent).status_code == 302
    shown = reader().get(page(commitment)).content.decode()
    assert f'<del><span class="hidden">formerly </span>{old:%-d %B %Y}</del>' in shown
    assert "باران" in shown


def test_no_page_asks_much_of_the_database_however_long_it_is() -> None:
    review = examine.settled()
    commitment = review.commitment
    demand = make.admitted(unit=make.unit())
    by = promises.unit_officer(demand)
    for _n in range(25):
        promises.promised(demand, by=by)
    for n in range(4):
        late = promises.promised(demand, by=by)
        commands.add_part(by=by, commitment=late, title=f"بخش {n}", owner=demand.unit, due=clock.today())
    with few_queries():
        reader().get("/commitments/")
    with few_queries():
        shown = reader().get(page(commitment))
    assert len(shown.content) < 60_000
    with few_queries():
        reader().get(f"/organisations/{commitment.lead.code}/")


# --- who may act -----------------------------------------------------------------------------------------------------

# verb: in which states the lead is offered it
OFFERED = {
    "start": {State.PROMISED},
    "progress": {State.UNDER_WAY},
    "report": {State.UNDER_WAY},
    "part": {State.PROMISED, State.UNDER_WAY},
    "due": {State.PROMISED, State.UNDER_WAY},
    "resume": {State.CONTESTED},
    "withdraw": {State.PROMISED, State.UNDER_WAY, State.CONTESTED},
}


@pytest.mark.parametrize("state", list(State))
def test_promisers_are_offered_what_the_state_allows_and_nobody_else_is(state: str) -> None:
    commitment = promises.promised()
    lead = promises.leader(commitment)
    commitment = promises.in_state(state, commitment)
    own = browser_of(lead).get(page(commitment))
    others = [browser.get(page(commitment)) for browser in (reader(), citizen(), unit_officer(), office())]
    for verb, states in OFFERED.items():
        assert offers(own, act(commitment, verb)) == (state in states), verb
        assert not any(offers(other, act(commitment, verb)) for other in others), verb


def test_nobody_else_acts_even_with_a_form_of_their_own_making() -> None:
    commitment = promises.under_way()
    before = about(commitment.subject).count()
    sent = {"text": "x", "reason": "x", "claimed_0": "1", "title": "x", "owner": commitment.lead.code}
    sent |= day("due", 10) | {"once": once()}
    people = {
        "nobody": (reader(), 302),
        "citizen": (citizen(), 403),
        "head": (browser_of(make.head_of(make.organisation())), 403),
    }
    people["officer of another unit"] = (unit_officer(), 403)
    people["without second factor"] = (browser_of(promises.leader(commitment), second_factor=False), 302)
    for name, (browser, status) in people.items():
        for verb in ("progress", "report", "part", "due", "withdraw"):
            assert browser.post(act(commitment, verb), sent).status_code == status, (name, verb)
    assert about(commitment.subject).count() == before
    assert state_of(commitment) == State.UNDER_WAY


def test_looking_at_the_address_of_an_act_leads_to_the_page() -> None:
    commitment = promises.promised()
    browser = browser_of(promises.leader(commitment))
    for address in (act(commitment, "start"), f"{page(commitment)}join/", f"{page(commitment)}decline/"):
        answer = browser.get(address)
        assert (answer.status_code, answer["Location"]) == (302, page(commitment))
    assert browser.get(act(commitment, "nonsense")).status_code == 404


def test_the_second_of_two_officers_is_told_what_happened() -> None:
    commitment = promises.promised()
    first, second = (browser_of(promises.leader(commitment)) for _n in range(2))
    both = [form_on(each.get(page(commitment)), act(commitment, "start")) for each in (first, second)]
    assert first.post(act(commitment, "start"), both[0] | {"once": once()}).status_code == 302
    late = second.post(act(commitment, "start"), both[1] | {"once": once()})
    assert late.status_code == 409
    assert "somebody may have acted before you" in said(late)


def test_a_form_that_comes_twice_does_one_thing() -> None:
    commitment = promises.under_way()
    browser = browser_of(promises.leader(commitment))
    sent = form_on(browser.get(page(commitment)), act(commitment, "progress")) | {"text": "نیمی از کار"}
    for _n in range(2):
        answer = browser.post(act(commitment, "progress"), sent)
        assert (answer.status_code, answer["Location"]) == (302, page(commitment))
    assert commitment.progress.count() == 1


def test_an_ended_mandate_and_somebody_elses_are_no_way_in() -> None:
    commitment = promises.promised()
    by = promises.leader(commitment)
    assert by.mandate is not None
    browser = browser_of(by)
    sent = form_on(browser.get(page(commitment)), act(commitment, "start"))
    assert sent["acting"] == str(by.mandate.key)
    make.mandate(by.mandate.organisation, role="head")
    foreign = promises.leader(commitment).mandate
    assert foreign is not None
    assert browser.post(act(commitment, "start"), sent | {"acting": str(foreign.key)}).status_code == 404
    assert browser.post(act(commitment, "start"), sent | {"acting": "nonsense"}).status_code == 404
    Mandate.objects.filter(pk=by.mandate.pk).update(until=clock.today() - timedelta(days=1))
    answer = browser.post(act(commitment, "start"), sent)
    assert answer.status_code == 403
    assert "Your mandate for this organisation has ended" in said(answer)
    assert state_of(commitment) == State.PROMISED


# --- the way of a promise, without JavaScript ------------------------------------------------------------------------


def test_a_promise_goes_from_its_making_to_the_claim_without_javascript() -> None:
    demand = make.admitted(unit=make.unit())
    browser = browser_of(promises.unit_officer(demand), language="fa")
    address = f"/commitments/new/?demand={demand.code}"
    opened = browser.get(address)
    assert opened.status_code == 200
    sent = form_on(opened, "") | wish(**day("due", 40, "fa")) | {"budget_rial": "۴۵۰٬۰۰۰٬۰۰۰", "hours": "۱۶"}
    made = browser.post(address, sent)
    commitment = Commitment.objects.get()
    assert (made.status_code, made["Location"]) == (302, page(commitment))
    assert (commitment.budget_rial, commitment.hours, commitment.state) == (450_000_000, 16, State.PROMISED)
    assert fill_in(browser, page(commitment), act(commitment, "start")).status_code == 302
    part = {"title": "خرید لامپ", "owner": demand.unit.code} | day("due", 20, "fa")
    assert fill_in(browser, page(commitment), act(commitment, "part"), **part).status_code == 302
    key = commitment.parts.get().key
    assert fill_in(browser, page(commitment), f"{page(commitment)}parts/{key}/done/").status_code == 302
    photo = SimpleUploadedFile("a.jpg", make.photo().read(), "image/jpeg")
    sent = {"text": "نیمی روشن شد", "percent": "۵۰", "files": photo}
    assert fill_in(browser, page(commitment), act(commitment, "progress"), **sent).status_code == 302
    sent = {"text": "همه روشن شد", "claimed_0": "۱۱٫۵"}
    assert fill_in(browser, page(commitment), act(commitment, "report"), **sent).status_code == 302
    assert state_of(commitment) == State.REPORTED_DONE
    shown = said(reader(language="fa").get(page(commitment)))
    assert "۱۱٫۵ چراغ" in shown
    assert "همه روشن شد" in shown


def test_partners_agree_or_decline_and_the_proposal_can_be_taken_back() -> None:
    commitment, _lead, partner = joint()
    assert "This is a proposal" in said(reader().get(page(commitment)))
    assert not offers(citizen().get(page(commitment)), f"{page(commitment)}join/")
    assert fill_in(browser_of(partner), page(commitment), f"{page(commitment)}join/").status_code == 302
    assert state_of(commitment) == State.PROMISED
    commitment, _lead, partner = joint()
    empty = fill_in(browser_of(partner), page(commitment), f"{page(commitment)}decline/")
    assert empty.status_code == 422
    answer = fill_in(browser_of(partner), page(commitment), f"{page(commitment)}decline/", reason="نیرو نداریم")
    assert (answer.status_code, state_of(commitment)) == (302, State.DROPPED)
    assert "نیرو نداریم" in said(reader().get(page(commitment)))
    commitment, lead, _partner = joint()
    answer = fill_in(browser_of(lead), page(commitment), f"{page(commitment)}decline/", reason="اشتباه شد")
    assert (answer.status_code, state_of(commitment)) == (302, State.DROPPED)


def test_nobody_answers_for_a_body_that_is_not_theirs() -> None:
    commitment, _lead, partner = joint()
    assert partner.organisation is not None
    stranger = browser_of(make.head_of(make.organisation()))
    sent = {"organisation": partner.organisation.code, "once": once()}
    assert stranger.post(f"{page(commitment)}join/", sent).status_code == 403
    assert stranger.post(f"{page(commitment)}join/", sent | {"organisation": "nobody"}).status_code == 404
    assert state_of(commitment) == State.PROPOSED


# --- bad input -------------------------------------------------------------------------------------------------------

WRONG = {
    "an over-long title": ({"title": "ن" * 161}, {"title"}),
    "control characters": ({"title": "چراغ\x07"}, {"title"}),
    "nothing at all": ({"title": "", "what": ""}, {"title", "what"}),
    "a day that does not exist": (boxes("due", 31, 9, 2027), {"due"}),
    "half a date": (boxes("due", 3, "", 2027), {"due"}),
    "a past date": (day("due", -1), {"due"}),
    "a date beyond the charter's limit": (day("due", 800), {"due"}),
    "a number in words": ({"indicators_0_target": "دوازده"}, {"indicators_0_target"}),
    "no number": ({"indicators_0_target": ""}, {"indicators_0_target"}),
    "a negative number": ({"indicators_0_target": "-3"}, {"indicators_0_target"}),
    "a number that is none": ({"indicators_0_target": "nan"}, {"indicators_0_target"}),
    "a third number half filled in": ({"indicators_2_target": "5"}, {"indicators_2_text"}),
    "an invisible character in the third": (
        {"indicators_2_text": "a\u202eb", "indicators_2_target": "1"},
        {"indicators_2_text"},
    ),
    "money in words": ({"budget_rial": "زیاد"}, {"budget_rial"}),
    "negative hours": ({"hours": "-1"}, {"hours"}),
    "a partner who is none": ({"partners": ["nobody"]}, {"partners"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_bad_input_is_told_beside_its_field_and_nothing_is_promised(name: str) -> None:
    filled, fields = WRONG[name]
    demand = make.admitted(unit=make.unit())
    browser = browser_of(promises.unit_officer(demand))
    answer = browser.post(f"/commitments/new/?demand={demand.code}", wish(**filled))
    assert answer.status_code == 422
    assert {each for each in fields if f"id_{each}_error" in answer.content.decode()} == fields
    assert not Commitment.objects.exists()


def test_a_promise_needs_an_open_demand_and_somebody_who_may() -> None:
    demand = make.admitted(unit=make.unit())
    by = promises.unit_officer(demand)
    address = f"/commitments/new/?demand={demand.code}"
    statuses = {"nobody": (reader(), 302), "citizen": (citizen(), 403), "other unit": (unit_officer(), 403)}
    for name, (browser, status) in statuses.items():
        assert browser.get(address).status_code == status, name
        assert browser.post(address, wish()).status_code == status, name
    assert browser_of(by).get("/commitments/new/").status_code == 404
    assert browser_of(by).get("/commitments/new/?demand=00000000").status_code == 404
    Demand.objects.filter(pk=demand.pk).update(state=Demand.State.REFUSED)
    refused = browser_of(by).post(address, wish())
    assert refused.status_code == 409
    assert "Nothing was changed" in said(refused)
    assert not Commitment.objects.exists()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_mixed_digits_are_one_number(language: str) -> None:
    demand = make.admitted(unit=make.unit())
    browser = browser_of(promises.unit_officer(demand), language=language)
    mixed = {"indicators_0_target": "۱2٫٥", "budget_rial": "1٢۳"} | day("due", 40, language)
    assert browser.post(f"/commitments/new/?demand={demand.code}", wish(**mixed)).status_code == 302
    commitment = Commitment.objects.get()
    assert (str(commitment.indicators.get().target), commitment.budget_rial) == ("12.50", 123)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<script>alert(1)</script>", "photo.jpg"), (b"MZ" + b"\0" * 200, "paper.pdf"), (b"\0" * 30_000_000, "big.jpg")],
)
def test_disguised_and_oversized_files_are_refused_and_nothing_is_written(content: bytes, name: str) -> None:
    commitment = promises.under_way()
    browser = browser_of(promises.leader(commitment))
    sent = {"text": "گزارش", "files": SimpleUploadedFile(name, content, "image/jpeg")}
    answer = fill_in(browser, page(commitment), act(commitment, "progress"), **sent)
    assert answer.status_code == 422
    assert "files" in "".join(wrong_fields(answer))
    assert not commitment.progress.exists()


def test_a_claim_needs_its_numbers() -> None:
    commitment = promises.under_way()
    browser = browser_of(promises.leader(commitment))
    for claimed in ("", "many", "-1"):
        sent = {"text": "همه شد", "claimed_0": claimed}
        answer = fill_in(browser, page(commitment), act(commitment, "report"), **sent)
        assert answer.status_code == 422, claimed
    assert state_of(commitment) == State.UNDER_WAY


def test_what_belongs_to_another_commitment_is_not_there() -> None:
    by = promises.unit_officer(demand := make.admitted(unit=make.unit()))
    one, other = promises.promised(demand, by=by), promises.promised(demand, by=by)
    part = commands.add_part(by=by, commitment=other, title="بخش", owner=demand.unit, due=clock.today())
    browser = browser_of(by)
    assert browser.post(f"{page(one)}parts/{part.key}/done/", {"once": once()}).status_code == 404
    photo = SimpleUploadedFile("a.jpg", make.photo().read(), "image/jpeg")
    report = commands.report_progress(
        by=by, commitment=commands.start(by=by, commitment=other), text="کار", files=made_safe([photo])
    )
    number = EvidenceFile.objects.get(progress=report).pk
    assert reader().get(f"{page(one)}files/{number}/").status_code == 404
    status, sniffing, content = served(reader(), f"{page(other)}files/{number}/")
    assert (status, sniffing, content[:2]) == (200, "nosniff", b"\xff\xd8")
    assert f"{page(other)}files/{number}/" in reader().get(page(other)).content.decode()


def test_one_who_acts_for_several_chooses_in_whose_name() -> None:
    commitment, lead, partner = joint()
    assert lead.organisation is not None
    assert lead.mandate is not None
    both = make.mandate(lead.organisation, partner.person)
    commands.join(by=partner, commitment=commitment, organisation=partner.organisation)
    commands.start(by=lead, commitment=commitment)
    browser = reader(partner.person, second_factor=True)
    sent = form_on(browser.get(page(commitment)), act(commitment, "progress")) | {"text": "کار ما"}
    for mandate in (both, partner.mandate):
        assert mandate is not None
        answer = browser.post(act(commitment, "progress"), sent | {"acting": str(mandate.key), "once": once()})
        assert answer.status_code == 302
    assert {each.organisation_id for each in commitment.progress.all()} == {
        both.organisation_id,
        partner.mandate.organisation_id,
    }  # type: ignore[union-attr]


def test_an_ended_partner_is_not_offered() -> None:
    demand = make.admitted(unit=make.unit())
    gone = make.organisation("سازمان رفته")
    organisations.close(by=make.office_officer(), organisation=gone, reason="پایان", successor=None)
    shown = browser_of(promises.unit_officer(demand)).get(f"/commitments/new/?demand={demand.code}")
    assert "سازمان رفته" not in said(shown)
