"""The officers' desk in a browser: filters in the address, taking and handing over, what it asks the database."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hamgara import charter, clock
from hamgara.channels.models import Notice
from hamgara.domain.demands import commands
from hamgara.domain.demands.models import AnswerTemplate, Demand, Note
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import ActingPerson
from tests import factories as make
from tests.web.readers import once, reader, said, wrong_fields
from tests.web.sending import few_queries

pytestmark = pytest.mark.django_db

SIGNED_IN = 6
State = Demand.State


def desk_of(by: ActingPerson) -> Client:
    return reader(by.person, second_factor=True)


def decide(browser: Client, demand: Demand, verb: str, **more: Any) -> Any:
    return browser.post(f"/inbox/{demand.code}/", {"verb": verb, "once": once()} | more)


def test_filters_stand_in_the_address_and_unknown_ones_ask_for_nothing() -> None:
    unit = make.unit()
    officer = make.officer(unit)
    mine, other = make.demand(unit=unit), make.demand(unit=unit)
    commands.take(by=officer, demand=mine)
    browser = desk_of(officer)
    for query, seen, unseen in (
        ("?handler=mine", mine, other),
        ("?handler=nobody", other, mine),
        (f"?field={other.field.code}", other, mine),
        (f"?place={mine.place.code}", mine, other),
    ):
        words = said(browser.get(f"/inbox/{query}"))
        assert seen.title in words, query
        assert unseen.title not in words, query
    odd = browser.get("/inbox/?tab=x&due=never&handler=me&place=nowhere&field=none&page=-3&acting=0")
    assert odd.status_code == 200
    assert {mine.title, other.title} <= {title for title in (mine.title, other.title) if title in said(odd)}


def test_words_and_what_stands_out_are_searched_for_on_the_desk_and_in_its_files_and_a_code_finds_all_states() -> None:
    above = make.unit()
    unit = make.unit(parent=above)
    officer = make.officer(unit)
    plain = make.demand(unit=unit, title="آسفالت کوچهٔ لاله")
    up, again, ended, elsewhere = (
        make.demand(unit=unit, title=title)
        for title in ("چراغ خیابان بهار", "نیمکت بوستان", "صندوق کتاب", "تابلوی مدرسه")
    )
    Demand.objects.filter(pk=up.pk).update(escalated_to=above)
    Demand.objects.filter(pk=again.pk).update(times_reopened=1)
    commands.route(by=officer, demand=elsewhere, unit=make.unit(), reason="کار آنجاست")
    commands.decline(by=officer, demand=ended, reason_code="unclear", reason="روشن نیست")
    commands.take(by=officer, demand=plain)
    every = {plain, up, again, ended, elsewhere}
    for query, found in (
        ("?q=اسفالت", {plain}),
        ("?q=چراغ+بهار", {up}),
        ("?q=مدرسه", set()),
        (f"?q={up.shown_code}", {up}),
        (f"?q={ended.shown_code}&tab=received", {ended}),
        (f"?q={elsewhere.shown_code}", set()),
        ("?only=escalated", {up}),
        ("?only=reopened", {again}),
        ("?only=appeals", set()),
        ("?handler=mine&q=کوچه", {plain}),
        ("?only=nonsense", {plain, up, again}),
    ):
        page = said(desk_of(officer).get(f"/inbox/{query}"))
        assert {each for each in every if each.title in page} == found, query
        if "nonsense" not in query:
            lines = desk_of(officer).get(f"/inbox/inbox.jsonl{query}").getvalue().decode()
            assert {each for each in every if each.title in lines} == found, query


def test_the_office_finds_appeals_among_all_that_waits() -> None:
    unit, author = make.unit(), make.acting()
    against, other = make.demand(author, unit=unit), make.demand()
    declined = commands.decline(by=make.officer(unit), demand=against, reason_code="unclear", reason="روشن نیست")
    commands.appeal(by=author, demand=declined, words="روشن است")
    browser = desk_of(make.office_officer())
    for query in ("?only=appeals", f"?q={against.shown_code}"):
        page = said(browser.get(f"/inbox/{query}"))
        assert against.title in page
        assert other.title not in page
    inside = said(browser.get(f"/inbox/{against.code}/"))
    assert "Only the participation office decides now." in inside
    assert "روشن نیست" in inside, "the reason against which the appeal is"


def test_the_desk_of_two_thousand_demands_is_searched_with_few_questions() -> None:
    unit, field, place = make.unit(), make.field(), make.place()
    officer, author = make.officer(unit), make.person()
    Demand.objects.bulk_create(
        Demand(
            code=f"{n:08d}",
            author=author,
            kind="request",
            title=f"چراغ شمارهٔ {n}",
            search_key=f"چراغ شماره {n}",
            field=field,
            place=place,
            unit=unit,
            times_reopened=n % 2,
            clock_kind="triage",
            deadline=clock.today() + timedelta(days=n % 9),
        )
        for n in range(2000)
    )
    browser = desk_of(officer)
    for query in (
        "?q=چراغ",
        "?q=چراغ+۷",
        "?only=reopened&q=چراغ",
        "?only=escalated&due=week&handler=nobody",
        "?page=9",
    ):
        browser.get(f"/inbox/{query}")
        with few_queries(12 + SIGNED_IN):
            assert browser.get(f"/inbox/{query}").status_code == 200


def test_an_officer_takes_a_demand_hands_it_over_and_the_colleague_hears_of_it_and_gives_it_back() -> None:
    unit = make.unit()
    officer, colleague = make.officer(unit), make.officer(unit)
    demand = make.demand(unit=unit)
    assert decide(desk_of(officer), demand, "take").status_code == 302
    assert officer.person.name in said(desk_of(colleague).get("/inbox/"))
    nobody = decide(desk_of(officer), demand, "hand-over", to="")
    assert nobody.status_code == 422
    assert colleague.mandate is not None
    assert decide(desk_of(officer), demand, "hand-over", to=str(colleague.mandate.key)).status_code == 302
    demand.refresh_from_db()
    assert demand.handler == colleague.mandate
    catch_up()
    assert Notice.objects.filter(person=colleague.person, entry__kind="demands.handed_over").count() == 1
    assert decide(desk_of(colleague), demand, "give-back").status_code == 302
    demand.refresh_from_db()
    assert demand.handler is None


def test_whose_mandate_has_ended_sees_the_desk_no_more() -> None:
    officer = make.officer(make.unit())
    browser = desk_of(officer)
    assert browser.get("/inbox/").status_code == 200
    assert officer.mandate is not None
    organisations.end_mandate(by=make.office_officer(), mandate=officer.mandate)
    assert browser.get("/inbox/").status_code == 403


def test_only_the_office_sees_the_whole_municipality() -> None:
    demand = make.demand(unit=make.unit())
    assert demand.title in said(desk_of(make.office_officer()).get("/inbox/?all=1"))
    assert demand.title not in said(desk_of(make.officer(make.unit())).get("/inbox/?all=1"))


def test_the_desk_asks_as_little_for_fifty_demands_as_for_one() -> None:
    unit, field, place = make.unit(), make.field(), make.place()
    officer = make.officer(unit)
    for _turn in range(12):
        commands.take(by=officer, demand=make.demand(unit=unit, field=field, place=place))
        commands.take(by=make.officer(unit), demand=make.demand(unit=unit, field=make.field(), place=make.place()))
    browser = desk_of(officer)
    for query in ("", "?handler=mine&due=week", f"?handler=nobody&place={place.code}&field={field.code}", "?tab=ended"):
        browser.get(f"/inbox/{query}")
        with few_queries(12 + SIGNED_IN):
            browser.get(f"/inbox/{query}")


def test_after_deciding_the_officer_is_led_to_the_next_of_the_list_they_came_from_and_back_after_the_last() -> None:
    unit = make.unit()
    officer = make.officer(unit)
    demands = [make.demand(unit=unit, title=f"چراغ شمارهٔ {n} کوچه") for n in range(3)]
    make.demand(unit=unit, title="جای دیگر")
    for n, each in enumerate(demands):
        Demand.objects.filter(pk=each.pk).update(deadline=clock.today() + timedelta(days=n))
    browser, query = desk_of(officer), "?q=%DA%86%D8%B1%D8%A7%D8%BA&tab=received&desk=1"
    assert f'href="/inbox/{demands[1].code}/?q=' in browser.get(f"/inbox/{query}").content.decode()

    def after(demand: Demand, verb: str, **more: str) -> str:
        sent = {"verb": verb, "once": once()} | more
        return browser.post(f"/inbox/{demand.code}/{query}", sent).headers["Location"].partition("?")[0]

    first, second, third = (f"/inbox/{each.code}/" for each in demands)
    assert second in browser.get(first + query).content.decode(), "the way on is on the page"
    assert after(demands[1], "take") == second, "it is still in the list"
    assert after(demands[1], "admit") == third
    assert after(demands[2], "decline", reason_code="unclear", reason="روشن نیست") == first, "round to what is left"
    assert after(demands[0], "route", unit=make.unit().code, reason="کار آنجاست") == "/inbox/"
    assert "That was the last demand of the list." in said(browser.get("/inbox/"))
    alone = make.demand(unit=unit)
    assert decide(browser, alone, "admit").headers["Location"] == f"/inbox/{alone.code}/"


# --- two at once -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "field", "more"),
    [
        ("admit", "", {}),
        ("decline", "reason", {"reason_code": "unclear"}),
        ("route", "reason", {"unit": "office"}),
        ("merge", "reason", {"into": "target"}),
        ("ask-back", "text", {}),
        ("refuse", "reason", {"reason_code": "against_law"}),
        ("not-doable", "reason", {"reason_code": "technically"}),
        ("explain", "text", {}),
        ("take", "", {}),
    ],
)
def test_whoever_comes_second_sees_who_acted_and_what_they_wrote_is_still_there(
    verb: str, field: str, more: dict[str, str]
) -> None:
    unit = make.unit("ادارهٔ روشنایی")
    demand, target = make.demand(unit=unit), make.demand(unit=unit)
    code = next(iter(charter.choices("demands.not_doable_reasons")))
    sent = {name: target.code if value == "target" else value for name, value in more.items()}
    sent |= {"reason_code": code} if verb == "not-doable" else {}
    sent |= {field: "آنچه نوشته بودم"} if field else {}
    commands.decline(by=make.officer(unit), demand=demand, reason_code="unclear", reason="روشن نیست")
    second = desk_of(make.officer(unit))
    before = Entry.objects.count()
    answer = decide(second, demand, verb, **sent)
    assert answer.status_code == 409
    words = said(answer)
    assert "ادارهٔ روشنایی acted before you" in words
    assert ("آنچه نوشته بودم" in answer.content.decode()) == bool(field)
    assert Entry.objects.count() == before


def test_what_was_written_about_a_demand_that_went_to_another_unit_meanwhile_is_not_lost() -> None:
    unit, other = make.unit(), make.unit("ادارهٔ فضای سبز")
    officer, demand = make.officer(unit), make.demand(unit=unit)
    commands.route(by=officer, demand=demand, unit=other, reason="کار آنجاست")
    answer = decide(desk_of(officer), demand, "decline", reason_code="unclear", reason="آنچه نوشته بودم")
    assert answer.status_code == 409
    assert "ادارهٔ فضای سبز" in said(answer)
    assert "آنچه نوشته بودم" in answer.content.decode()
    assert Demand.objects.get(pk=demand.pk).state == State.RECEIVED
    assert desk_of(officer).get(f"/inbox/{demand.code}/").status_code == 404


def test_what_was_written_of_a_kept_answer_that_somebody_removed_meanwhile_is_not_lost() -> None:
    unit = make.unit()
    head = make.under(make.mandate(unit, role="head"))
    kept = commands.add_template(by=head, unit=unit, title="در نوبت", text="در نوبت است")
    commands.remove_template(by=make.under(make.mandate(unit, role="head")), template=kept)
    answer = desk_of(head).post(f"/inbox/templates/{kept.key}/", {"title": "نو", "text": "واژه‌های نو", "once": once()})
    assert answer.status_code == 409
    assert "واژه‌های نو" in answer.content.decode()


# --- many at once ----------------------------------------------------------------------------------------------------


def all_of(browser: Client, act: str, demands: list[Demand], key: str | None = None, **more: Any) -> Any:
    fields = {f"{act}-{name}": value for name, value in more.items()}
    sent = {"act": act, "once": key or once(), "chosen": [each.code for each in demands]} | fields
    return browser.post("/inbox/bulk/?tab=received", sent)


def test_many_are_admitted_at_once_each_by_its_own_act_and_one_that_is_refused_stops_no_other() -> None:
    unit = make.unit()
    officer = make.officer(unit)
    good = [make.demand(unit=unit) for _turn in range(3)]
    own = make.demand(make.acting(officer.person), unit=unit)
    done_before = commands.admit(by=make.officer(unit), demand=make.demand(unit=unit))
    browser = desk_of(officer)
    answer = all_of(browser, "admit", [good[0], own, done_before, *good[1:]])
    assert answer.headers["Location"] == "/inbox/?tab=received"
    words = said(browser.get("/inbox/"))
    assert "done for 3 demands" in words
    assert own.title in words
    assert "another officer decides" in words
    assert {each.state for each in Demand.objects.filter(pk__in=[each.pk for each in good])} == {State.ADMITTED}
    assert Demand.objects.get(pk=own.pk).state == State.RECEIVED
    assert Entry.objects.filter(kind="demands.admitted").count() == 4


def test_many_that_are_sent_twice_are_done_once() -> None:
    unit, other = make.unit(), make.unit()
    demands = [make.demand(unit=unit) for _turn in range(2)]
    browser, key = desk_of(make.officer(unit)), once()
    more = {"unit": other.code, "reason": "کار آن واحد است"}
    for _turn in range(2):
        assert all_of(browser, "route", demands, key, **more).status_code == 302
    assert Entry.objects.filter(kind="demands.routed").count() == 2
    admitting, fresh = once(), [make.demand(unit=unit) for _turn in range(2)]
    for _turn in range(2):
        all_of(browser, "admit", fresh, admitting)
    assert "2 demands had been done already" in said(browser.get("/inbox/"))
    assert Entry.objects.filter(kind="demands.admitted").count() == 2


def test_a_reason_that_is_missing_changes_nothing_and_keeps_what_was_chosen() -> None:
    unit = make.unit()
    chosen, other = make.demand(unit=unit), make.demand(unit=unit)
    browser, before = desk_of(make.officer(unit)), Entry.objects.count()
    answer = all_of(browser, "decline", [chosen], reason_code="", reason="")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert re.search(rf'value="{chosen.code}" form="bulk" checked', page)
    assert not re.search(rf'value="{other.code}" form="bulk" checked', page)
    assert Entry.objects.count() == before
    reason = next(iter(charter.choices("demands.decline_reasons")))
    assert all_of(browser, "decline", [chosen], reason_code=reason, reason="روشن نیست").status_code == 302
    assert Demand.objects.get(pk=chosen.pk).state == State.DECLINED


def test_nothing_is_done_with_what_is_not_before_the_unit_or_is_no_demand_or_by_an_unknown_verb() -> None:
    unit = make.unit()
    mine, elsewhere = make.demand(unit=unit), make.demand(unit=make.unit())
    browser = desk_of(make.officer(unit))
    browser.post("/inbox/bulk/", {"act": "take", "once": once(), "chosen": [mine.code, elsewhere.code, "x", "0"]})
    words = said(browser.get("/inbox/"))
    assert "done for 1 demand." in words
    assert "3 chosen demands are not before your unit" in words
    assert elsewhere.title not in words
    assert Demand.objects.get(pk=elsewhere.pk).handler is None
    assert browser.post("/inbox/bulk/", {"act": "refuse", "once": once(), "chosen": [mine.code]}).status_code == 404
    before = Entry.objects.count()
    assert browser.post("/inbox/bulk/", {"act": "admit", "once": once()}).status_code == 302
    assert Entry.objects.count() == before
    assert reader(make.person()).post("/inbox/bulk/", {"act": "take", "chosen": [mine.code]}).status_code == 403


def test_many_are_given_back_and_what_nobody_had_is_told() -> None:
    unit = make.unit()
    officer = make.officer(unit)
    mine, nobodys = make.demand(unit=unit), make.demand(unit=unit)
    commands.take(by=officer, demand=mine)
    browser = desk_of(officer)
    all_of(browser, "give-back", [mine, nobodys])
    words = said(browser.get("/inbox/"))
    assert "done for 1 demand." in words
    assert f"«{nobodys.title}». Nobody in particular deals with this demand." in words
    assert Demand.objects.get(pk=mine.pk).handler is None
    assert Entry.objects.filter(kind="demands.given_back").count() == 1


def test_several_are_merged_into_one_of_them_each_by_its_own_act_and_each_refusal_is_told() -> None:
    unit = make.unit()
    officer = make.officer(unit)
    one, two, target = (make.demand(unit=unit) for _turn in range(3))
    own = make.demand(make.acting(officer.person), unit=unit)
    browser = desk_of(officer)
    assert f'<option value="{target.code}">' in browser.get("/inbox/").content.decode()
    for wrong in ({"into": ""}, {"into": "00000000"}):
        assert all_of(browser, "merge", [one, target], **wrong).status_code == 422
    assert all_of(browser, "merge", [target], into=target.code).status_code == 422, "nothing to go into it"
    key = once()
    for _turn in range(2):
        assert all_of(browser, "merge", [one, two, target, own], key, into=target.code).status_code == 302
    words = said(browser.get("/inbox/"))
    assert "done for 2 demands" in words
    assert f"«{own.title}». You made this demand yourself" in words
    assert set(Demand.objects.filter(merged_into=target)) == {one, two}
    assert Entry.objects.filter(kind="demands.merged").count() == 2
    assert Demand.objects.get(pk=target.pk).state == State.RECEIVED


def test_many_are_handed_to_a_colleague_who_gets_them_all() -> None:
    unit = make.unit()
    colleague = make.mandate(unit)
    demands = [make.demand(unit=unit) for _turn in range(2)]
    assert all_of(desk_of(make.officer(unit)), "hand-over", demands, to=str(colleague.key)).status_code == 302
    assert Demand.objects.filter(handler=colleague).count() == 2


# --- asking back -----------------------------------------------------------------------------------------------------


def test_an_officer_asks_the_author_answers_on_their_page_and_nobody_else_reads_either() -> None:
    unit = make.unit()
    officer, author = make.officer(unit), make.acting()
    demand = make.demand(author, unit=unit)
    page = f"/demands/{demand.code}/"
    assert decide(desk_of(officer), demand, "ask-back", text=" ").status_code == 422
    assert decide(desk_of(officer), demand, "ask-back", text="کدام سوی کوچه؟").status_code == 302
    theirs = reader(author.person)
    assert "کدام سوی کوچه؟" in said(theirs.get(page))
    wrong = theirs.post(f"{page}tell-more/", {"once": once(), "text": ""})
    assert (wrong.status_code, "text" in wrong_fields(wrong)) == (422, True)
    assert theirs.post(f"{page}tell-more/", {"once": once(), "text": "سوی راست"}).status_code == 302
    assert "سوی راست" in said(desk_of(officer).get(f"/inbox/{demand.code}/"))
    for stranger in (reader(), reader(make.person()), desk_of(make.officer(make.unit()))):
        words = said(stranger.get(page))
        assert "کدام سوی کوچه؟" not in words
        assert "سوی راست" not in words
    assert reader(make.person()).post(f"{page}tell-more/", {"once": once(), "text": "من"}).status_code == 403


# --- notes -----------------------------------------------------------------------------------------------------------

SECRET = "به همسایهٔ روبه‌رو هم تلفن زده شد"


def test_a_note_is_read_by_those_who_deal_with_the_demand_and_stands_nowhere_else() -> None:
    above = make.unit()
    unit = make.unit(parent=above)
    officer, author = make.officer(unit), make.officer(unit)
    demand = make.demand(make.acting(author.person), unit=unit)
    commands.admit(by=officer, demand=demand)
    assert decide(desk_of(officer), demand, "note", text="").status_code == 422
    assert decide(desk_of(officer), demand, "note", text=SECRET).status_code == 302
    inside = f"/inbox/{demand.code}/"
    for colleague in (officer, make.officer(unit), make.officer(above), make.office_officer()):
        assert SECRET in said(desk_of(colleague).get(inside))
    assert SECRET not in said(desk_of(author).get(inside)), "an officer's own demand"
    assert decide(desk_of(author), demand, "note", text="من").status_code == 409
    assert Note.objects.count() == 1, "nobody notes on their own demand"
    assert desk_of(make.officer(make.unit())).get(inside).status_code == 404
    catch_up()
    number = Entry.objects.get(kind="demands.noted").pk
    outside = [f"/demands/{demand.code}/", "/demands/", "/demands/demands.jsonl", "/demands/demands.csv", "/ledger/"]
    for browser in (reader(), reader(make.person()), desk_of(author)):
        for address in outside:
            answer = browser.get(address)
            assert answer.status_code == 200, address
            assert SECRET not in answer.getvalue().decode(), address
    written = bytes(Entry.objects.get(pk=number).canonical).decode()
    assert SECRET not in written
    assert demand.code not in written


def test_notes_go_with_the_demand_to_the_next_unit_and_leave_the_first() -> None:
    unit, other = make.unit(), make.unit()
    officer = make.officer(unit)
    demand = make.demand(unit=unit)
    commands.note(by=officer, demand=demand, text=SECRET)
    commands.route(by=officer, demand=demand, unit=other, reason="کار آن واحد است")
    assert desk_of(officer).get(f"/inbox/{demand.code}/").status_code == 404
    assert SECRET in said(desk_of(make.officer(other)).get(f"/inbox/{demand.code}/"))


# --- answers kept ready ----------------------------------------------------------------------------------------------


def test_a_head_words_an_answer_and_an_officer_begins_with_it() -> None:
    unit = make.unit()
    head, officer = desk_of(make.under(make.mandate(unit, role="head"))), desk_of(make.officer(unit))
    demand = commands.admit(by=make.officer(unit), demand=make.demand(unit=unit))
    words = {"title": "در نوبت", "text": "«{عنوان}» در نوبت است."}
    unknown = head.post("/inbox/templates/new/", words | {"text": "{نام}", "once": once()})
    assert (unknown.status_code, "text" in wrong_fields(unknown)) == (422, True)
    assert head.post("/inbox/templates/new/", words | {"once": once()}).status_code == 302
    kept = AnswerTemplate.objects.get()
    assert officer.post("/inbox/templates/new/", words | {"once": once()}).status_code == 403
    assert officer.get(f"/inbox/templates/{kept.key}/").status_code == 403
    assert "در نوبت" in said(officer.get("/inbox/templates/"))
    taken = b"".join(officer.get("/inbox/templates.jsonl")).decode()
    assert json.loads(taken) | {"key": ""} == words | {"unit": unit.label, "unit_code": unit.code, "key": ""}
    assert officer.get("/inbox/templates.pdf").status_code == 404
    assert reader(make.person()).get("/inbox/templates.csv").status_code == 403
    inside = f"/inbox/{demand.code}/"
    assert f"?template={kept.key}&amp;verb=explain#explain" in officer.get(inside).content.decode()
    page = officer.get(f"{inside}?template={kept.key}&verb=explain").content.decode()
    assert f"«{demand.title}» در نوبت است." in page
    assert page.count("در نوبت است.") == 1, "in the form that was wished for alone"
    assert "در نوبت است." not in officer.get(f"{inside}?template=nonsense&verb=explain").content.decode()
    assert head.post(f"/inbox/templates/{kept.key}/", {"do": "remove", "once": once()}).status_code == 302
    assert head.get(f"/inbox/templates/{kept.key}/").status_code == 404


# --- who else, and how the work lies ---------------------------------------------------------------------------------

MINUTE = 1 / (24 * 60)


def test_an_officer_sees_who_else_has_the_demand_open_and_since_when_and_nothing_is_recorded() -> None:
    unit = make.unit()
    first, second = make.officer(unit), make.officer(unit)
    demand = make.demand(unit=unit)
    inside, before = f"/inbox/{demand.code}/", Entry.objects.count()
    desk_of(first).get(inside)
    assert "has this demand open" not in said(desk_of(second).get(inside)), "a page that is only read tells nothing"
    assert desk_of(first).post(f"{inside}open/").status_code == 200
    with make.days_later(2 * MINUTE):
        page = said(desk_of(second).get(inside))
        assert f"{first.person.name} has this demand open, since 2 minutes ago." in page
        told = said(desk_of(second).post(f"{inside}open/"))
        assert first.person.name in told
        assert second.person.name not in told
        assert second.person.name in said(desk_of(first).post(f"{inside}open/"))
    with make.days_later(4 * MINUTE):
        assert "since 4 minutes ago" in said(desk_of(second).get(inside)), "it has stayed open all the time"
    with make.days_later(8 * MINUTE):
        assert "has this demand open" not in said(desk_of(second).get(inside))
    assert Entry.objects.count() == before
    assert desk_of(make.officer(make.unit())).post(f"{inside}open/").status_code == 404
    assert reader(make.person()).post(f"{inside}open/").status_code == 403


def test_heads_and_the_office_see_how_the_work_lies_and_others_do_not() -> None:
    above = make.unit()
    unit = make.unit(parent=above)
    officer = make.officer(unit)
    late, other = (make.demand(unit=unit) for _turn in range(2))
    for demand in (late, other):
        commands.take(by=officer, demand=demand)
    Demand.objects.filter(pk=late.pk).update(deadline=clock.today() - timedelta(days=1))
    make.demand(unit=unit)
    head_above = make.under(make.mandate(above, role="head"))
    page = desk_of(head_above).get(f"/inbox/workload/?unit={unit.code}")
    rows = re.findall(r"<tr role=.row.>(.*?)</tr>", page.content.decode(), re.DOTALL)
    cells = [re.sub(r"<span class=.cell-head.*?</span>|<[^>]+>", " ", row).split() for row in rows[1:]]
    assert [row[-4:] for row in cells] == [["2", "1", "0", "–"], ["1", "0", "–", "–"]]
    assert desk_of(officer).get("/inbox/workload/").status_code == 403
    assert desk_of(head_above).get("/inbox/workload/?unit=office").status_code == 404
    assert desk_of(make.office_officer()).get(f"/inbox/workload/?unit={unit.code}").status_code == 200
    assert "Workload" in said(desk_of(head_above).get("/inbox/"))
    assert "Workload" not in said(desk_of(officer).get("/inbox/"))


def test_an_officer_says_why_before_a_hidden_name_is_shown_and_its_author_reads_of_it() -> None:
    unit = make.unit("ادارهٔ روشنایی")
    officer = make.officer(unit)
    author = make.person("مریم پنهانی")
    demand = make.demand(make.acting(author), unit=unit, address="پلاک ۴")
    browser, reads = desk_of(officer), reader(author)
    for address in (f"/inbox/{demand.code}/", f"/demands/{demand.code}/"):
        assert not [secret for secret in ("مریم پنهانی", "پلاک ۴") if secret in said(browser.get(address))]
    assert "Nobody. An officer who needs them" in said(reads.get(f"/demands/{demand.code}/"))

    assert decide(browser, demand, "look", reason_code="").status_code == 422
    assert decide(browser, demand, "look", reason_code="find_place").status_code == 302
    for address in (f"/inbox/{demand.code}/", f"/demands/{demand.code}/"):
        assert {"مریم پنهانی", "پلاک ۴"} <= {
            each for each in ("مریم پنهانی", "پلاک ۴") if each in said(browser.get(address))
        }
    assert "مریم پنهانی" not in said(desk_of(make.officer(unit)).get(f"/inbox/{demand.code}/"))
    told = said(reads.get(f"/demands/{demand.code}/"))
    assert "Who saw your name and address" in told
    assert "To find the place." in told
    assert officer.person.name not in told
    assert "Who saw your name" not in said(reader().get(f"/demands/{demand.code}/"))
