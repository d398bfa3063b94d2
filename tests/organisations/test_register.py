"""The register: applications and accreditation with their dates, names once, capabilities, and the Persian order."""

from __future__ import annotations

import contextlib
import functools
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from hamgara import charter, clock
from hamgara.domain.ledger.commands import Invalid, Refused, Replayed
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands, events, jobs, queries
from hamgara.domain.organisations.commands import accreditation
from hamgara.domain.organisations.models import AccreditationDocument, Capability, Organisation
from tests import factories as make
from tests.ledger.acts import in_threads

pytestmark = pytest.mark.django_db

State = Organisation.State


def now(body: Organisation) -> Organisation:
    return Organisation.objects.get(pk=body.pk)


def in_days(days: int) -> Any:
    return clock.today() + timedelta(days=days)


def accredit(body: Organisation, **but: Any) -> Organisation:
    given = {"registration_number": "۱۲۳۴", "authority": "وزارت کشور", "until": in_days(365)} | but
    return commands.accredit(by=make.office_officer(), organisation=body, **given)


# --- applying --------------------------------------------------------------------------------------------------------


def test_whoever_brings_an_organisation_is_its_head() -> None:
    by = make.acting()
    body = commands.apply(by=by, name="انجمن دوستداران كاشان", kind="ngo", code="friends")
    assert (body.name, body.state, body.path) == ("انجمن دوستداران کاشان", State.APPLIED, "/friends/")
    (mandate,) = queries.mandates_of(by.person)
    assert (mandate.organisation, mandate.role) == (body, "head")
    assert mandate.until == clock.today() + charter.period("organisations.mandate_at_most")
    assert list(queries.waiting_for_accreditation()) == [body]
    assert not queries.directory().exists(), "an applicant is not in the public register yet"


def test_papers_are_kept_with_the_application() -> None:
    paper = ("پروانه.pdf", ContentFile(b"%PDF", "paper.pdf"))
    body = commands.apply(by=make.acting(), name="انجمن", kind="ngo", code="a", documents=[paper])
    document = AccreditationDocument.objects.get()
    assert (document.organisation, document.title) == (body, "پروانه.pdf")
    document.file.delete()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \u200c «»! "}, "name"),
        ({"name": "ن" * 161}, "name"),
        ({"name_en": "n" * 161}, "name_en"),
        ({"kind": "municipal_unit"}, "kind"),
        ({"kind": "party"}, "kind"),
        ({"code": "../x"}, "code"),
        ({"registration_number": "1" * 41}, "registration_number"),
        ({"authority": "و" * 121}, "authority"),
    ],
)
def test_an_application_that_cannot_be_is_told_beside_its_field(wrong: dict[str, Any], field: str) -> None:
    paper = ("x", ContentFile(b"%PDF", "left-behind.pdf"))
    given = {"name": "انجمن", "kind": "ngo", "code": "a", "documents": [paper]} | wrong
    with pytest.raises(Invalid) as invalid:
        commands.apply(by=make.acting(), **given)
    assert set(invalid.value.problems) == {field}
    assert all(invalid.value.problems.values())
    assert not Organisation.objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("left-behind*")), "no file is left behind"


def test_a_double_click_brings_one_organisation() -> None:
    by = make.acting(once=uuid.uuid4())
    body = commands.apply(by=by, name="انجمن", kind="ngo", code="a")
    with pytest.raises(Replayed) as replayed:
        commands.apply(by=by, name="انجمن", kind="ngo", code="a")
    assert replayed.value.entry.subjects == [body.subject]
    assert Organisation.objects.count() == 1


def test_a_code_that_is_taken_gets_a_number() -> None:
    codes = [make.organisation(code=code).code for code in ("same", "same", "same", "x" * 60, "x" * 60)]
    assert codes == ["same", "same-2", "same-3", "x" * 40, "x" * 40 + "-2"]


# --- one name, one body ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", ["خيريه كوثر", "خیریهٔ کوثر", "خیریه‌ کوثر", "  خیریه  کوثر ", "«خیریه کوثر»"])
def test_a_name_is_taken_however_it_is_written(variant: str) -> None:
    make.organisation("خیریه کوثر")
    with pytest.raises(Invalid) as invalid:
        make.organisation(variant)
    assert set(invalid.value.problems) == {"name"}
    other = make.organisation("نامی دیگر")
    with pytest.raises(Invalid):
        commands.rename(by=FOUNDERS, organisation=other, name=variant)


def test_a_body_may_write_its_own_name_otherwise() -> None:
    body = make.organisation("خیریه کوثر")
    assert commands.rename(by=FOUNDERS, organisation=body, name="خیریهٔ کوثر").name == "خیریهٔ کوثر"


def test_the_name_of_what_is_gone_is_free_again() -> None:
    old = make.organisation("خیریه کوثر")
    commands.close(by=FOUNDERS, organisation=old, successor=None, reason="پایان کار")
    new = make.organisation("خیریه کوثر")
    assert new.code != old.code


def test_a_refused_applicant_does_not_come_back_under_a_name_that_was_given_away() -> None:
    refused = make.organisation("خیریه کوثر", accredited=False)
    commands.refuse_accreditation(by=FOUNDERS, organisation=refused, reason="مدارک ناقص است")
    make.organisation("خیریه كوثر")
    with pytest.raises(Invalid) as invalid:
        accredit(refused)
    assert set(invalid.value.problems) == {"name"}
    assert now(refused).state == State.REFUSED


# --- accreditation ---------------------------------------------------------------------------------------------------


def test_accreditation_has_a_number_an_authority_and_a_last_day() -> None:
    body = accredit(make.organisation(accredited=False))
    assert (body.state, body.registration_number, body.authority) == (State.ACCREDITED, "۱۲۳۴", "وزارت کشور")
    entry = Entry.objects.get(kind=events.Accredited.KIND)
    assert entry.data["expires"] == body.accredited_until.isoformat()  # type: ignore[union-attr]
    assert body in queries.accredited()
    assert body in queries.directory()


def test_a_community_group_needs_no_licence_and_gets_a_number_of_the_offices_own() -> None:
    one, other = (make.organisation(kind="community_group", accredited=False) for _n in range(2))
    bodies = [accredit(each, registration_number=" ", authority="\u200c") for each in (one, other)]
    assert all(each.state == State.ACCREDITED and each.has_no_licence for each in bodies)
    numbers = {each.registration_number for each in bodies}
    assert len(numbers) == 2
    assert all(numbers)
    assert {entry.data["registration_number"] for entry in Entry.objects.filter(kind=events.Accredited.KIND)} == numbers
    again = accredit(bodies[0], registration_number="", authority="")
    assert again.registration_number == bodies[0].registration_number, "renewed, it keeps its number"
    licensed = accredit(bodies[1])
    assert (licensed.has_no_licence, licensed.authority) == (False, "وزارت کشور")


@pytest.mark.parametrize("half", [{"registration_number": ""}, {"authority": ""}])
def test_half_a_licence_is_none_for_a_community_group_either(half: dict[str, str]) -> None:
    with pytest.raises(Invalid) as invalid:
        accredit(make.organisation(kind="community_group", accredited=False), **half)
    assert set(invalid.value.problems) == set(half)


@pytest.mark.parametrize("kind", ["ngo", "charity", "peoples_institution"])
def test_every_other_kind_needs_a_licence(kind: str) -> None:
    with pytest.raises(Invalid):
        accredit(make.organisation(kind=kind, accredited=False), registration_number="", authority="")


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"registration_number": " "}, {"registration_number"}),
        ({"authority": "\u200c"}, {"authority"}),
        ({"until": lambda: in_days(0)}, {"until"}),
        ({"until": lambda: in_days(-1)}, {"until"}),
        ({"until": lambda: in_days(charter.number("organisations.accreditation_at_most") + 1)}, {"until"}),
        ({"registration_number": "", "authority": ""}, {"registration_number", "authority"}),
        ({"registration_number": "1" * 41}, {"registration_number"}),
    ],
)
def test_an_accreditation_that_cannot_be(wrong: dict[str, Any], fields: set[str]) -> None:
    body = make.organisation(accredited=False)
    given = {name: value() if callable(value) else value for name, value in wrong.items()}
    with pytest.raises(Invalid) as invalid:
        accredit(body, **given)
    assert set(invalid.value.problems) == fields
    assert now(body).state == State.APPLIED


def test_the_longest_accreditation_is_possible() -> None:
    most = charter.number("organisations.accreditation_at_most")
    assert accredit(make.organisation(accredited=False), until=in_days(most)).state == State.ACCREDITED


def test_accreditation_stands_to_its_last_day_and_runs_out_by_itself() -> None:
    body = accredit(make.organisation(accredited=False), until=in_days(10))
    with make.days_later(10):
        jobs.let_time_pass()
        assert body in queries.accredited()
    with make.days_later(11):
        assert body not in queries.accredited(), "at once, before anybody has said so"
        assert now(body).state == State.ACCREDITED
        jobs.let_time_pass()
        assert now(body).state == State.EXPIRED
        jobs.let_time_pass()
        assert Entry.objects.filter(kind=events.AccreditationExpired.KIND).count() == 1
        assert accredit(body, until=in_days(100)).state == State.ACCREDITED
        assert body in queries.accredited()


def test_an_accreditation_that_stands_does_not_expire() -> None:
    with pytest.raises(Invalid):
        commands.expire_accreditation(by=FOUNDERS, organisation=make.organisation())


@pytest.mark.parametrize("command", [commands.refuse_accreditation, commands.withdraw_accreditation])
def test_whoever_is_turned_down_is_told_why(command: Any) -> None:
    body = make.organisation(accredited=command is commands.withdraw_accreditation)
    with pytest.raises(Invalid) as invalid:
        command(by=make.office_officer(), organisation=body, reason=" \n ")
    assert set(invalid.value.problems) == {"reason"}
    command(by=make.office_officer(), organisation=body, reason="اساسنامه نرسیده است")
    assert now(body).state_reason == "اساسنامه نرسیده است"
    assert body not in queries.accredited()


def test_the_second_of_two_officers_is_told_what_happened() -> None:
    body = make.organisation(accredited=False)
    commands.refuse_accreditation(by=make.office_officer(), organisation=body, reason="ناقص")
    with pytest.raises(Refused) as refused:
        commands.refuse_accreditation(by=make.office_officer(), organisation=body, reason="ناقص")
    assert str(now(body).get_state_display()) in str(refused.value.reason)  # type: ignore[attr-defined]


# --- what an organisation says of itself -----------------------------------------------------------------------------


def test_the_record_says_which_words_changed() -> None:
    body = make.organisation()
    commands.describe(
        by=make.head_of(body), organisation=body, about="ما همسايه‌ايم", website="https://example.org", public_phone=""
    )
    assert now(body).about == "ما همسایه‌ایم"
    assert Entry.objects.get(kind=events.Described.KIND).data["changed"] == ["about", "website"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"website": "javascript:alert(1)"},
        {"website": "http://[::1"},
        {"public_phone": "1" * 21},
        {"name_en": "n" * 161},
    ],
)
def test_a_description_that_does_not_fit(wrong: dict[str, str]) -> None:
    body = make.organisation()
    with pytest.raises(Invalid) as invalid:
        commands.describe(by=make.head_of(body), organisation=body, **wrong)
    assert set(invalid.value.problems) == set(wrong)


def test_nobody_describes_what_is_not_theirs_to_say() -> None:
    body = make.organisation()
    for word in ("state", "path", "name", "accredited_until"):
        with pytest.raises(TypeError):
            commands.describe(by=make.head_of(body), organisation=body, **{word: "x"})


# --- capabilities ----------------------------------------------------------------------------------------------------


def capability(code: str = "teaching") -> Capability:
    return commands.add_capability(by=make.office_officer(), code=code, name="آموزش", unit="ساعت در ماه")


def test_an_offer_said_again_replaces_what_was_said() -> None:
    body, teaching = make.organisation(), capability()
    for amount in (10, 25):
        commands.offer_capability(
            by=make.head_of(body), organisation=body, capability=teaching, amount=amount, note="عصرها"
        )
    (offer,) = body.offers.all()
    assert (offer.amount, offer.note) == (25, "عصرها")
    assert queries.capabilities().get().organisations == 1  # type: ignore[attr-defined]
    assert list(queries.directory(capability="teaching")) == [body]
    commands.withdraw_capability(by=make.head_of(body), organisation=body, capability=teaching)
    assert not body.offers.exists()
    with pytest.raises(Invalid):
        commands.withdraw_capability(by=make.head_of(body), organisation=body, capability=teaching)


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"amount": -1}, {"amount": 2**31}, {"amount": 1, "note": "ن" * 201}])
def test_an_offer_that_cannot_be(wrong: dict[str, Any]) -> None:
    body, teaching = make.organisation(), capability()
    with pytest.raises(Invalid) as invalid:
        commands.offer_capability(by=make.head_of(body), organisation=body, capability=teaching, **wrong)
    assert set(invalid.value.problems) == {"note" if "note" in wrong else "amount"}
    assert not body.offers.exists()


def test_a_capability_is_in_the_list_once() -> None:
    capability()
    with pytest.raises(Invalid) as invalid:
        capability()
    assert set(invalid.value.problems) == {"code"}
    with pytest.raises(Invalid) as invalid:
        commands.add_capability(by=FOUNDERS, code="c", name=" ", unit="")
    assert set(invalid.value.problems) == {"name", "unit"}


# --- order and search ------------------------------------------------------------------------------------------------


def test_the_directory_is_in_the_order_of_the_persian_alphabet() -> None:
    names = ["یاران", "پویش", "آفتاب", "امید", "چشمه", "گلستان", "کانون", "ژاله", "انجمن ۱۰", "انجمن ۲"]
    for name in names:
        make.organisation(name)
    expected = ["آفتاب", "امید", "انجمن ۲", "انجمن ۱۰", "پویش", "چشمه", "ژاله", "کانون", "گلستان", "یاران"]
    assert [body.name for body in queries.directory()] == expected


@pytest.mark.parametrize("words", ["کوثر", "كوثر", "خيريه", "خیریه کوسر", "کوثر!"])
def test_a_name_is_found_however_it_is_typed(words: str) -> None:
    body = make.organisation("خیریهٔ کوثر کاشان")
    make.organisation("کانون کتاب")
    assert list(queries.directory(words=words)) == [body]


def test_the_directory_shows_who_is_in_the_register_and_no_units() -> None:
    standing = make.organisation("ماندگار")
    expired = make.organisation("گذشته")
    Organisation.objects.filter(pk=expired.pk).update(state=State.EXPIRED)
    make.organisation("تازه", accredited=False)
    gone = make.organisation("رفته")
    commands.close(by=FOUNDERS, organisation=gone, successor=None, reason="x")
    unit = make.unit("اداره")
    assert set(queries.directory()) == {standing, expired}
    assert set(queries.directory(units=True)) == {standing, expired, unit}
    assert set(queries.accredited()) == {standing}


def test_the_directory_is_asked_by_kind_and_place() -> None:
    north, south = make.place("شمال"), make.place("جنوب")
    charity = make.organisation(kind="charity")
    make.organisation(kind="ngo")
    commands.describe(by=FOUNDERS, organisation=charity, seat=north)
    assert list(queries.directory(kind="charity")) == [charity]
    assert list(queries.directory(place=north)) == [charity]
    assert list(queries.directory(place=make.city())) == [charity]
    assert not queries.directory(place=south).exists()


def in_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two applications both look whether their name is taken before either is written."""
    both, look = threading.Barrier(2), accreditation.check_name

    def check_name(name: str) -> str:
        found = look(name)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(10)
        both.abort()  # whoever looks again does so alone
        return found

    monkeypatch.setattr(accreditation, "check_name", check_name)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bring_the_same_name_at_once_the_second_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    in_one_moment(monkeypatch)

    def bring(by: Any, code: str) -> Callable[[], None]:
        def run() -> None:
            try:
                commands.apply(by=by, name="انجمن دوستداران کتاب", kind="ngo", code=code)
            except Invalid as invalid:
                told.extend(invalid.problems)

        return run

    in_threads(*[bring(make.acting(), code) for code in ("books", "readers")])
    assert told == ["name"]
    assert Organisation.objects.filter(name="انجمن دوستداران کتاب").count() == 1
    assert Entry.objects.filter(kind="organisations.applied").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_bring_the_same_code_at_once_get_two(monkeypatch: pytest.MonkeyPatch) -> None:
    in_one_moment(monkeypatch)
    people = [make.acting(), make.acting()]
    in_threads(
        *[
            functools.partial(commands.apply, by=by, name=f"انجمن {n}", kind="ngo", code="books")
            for n, by in enumerate(people)
        ]
    )
    assert set(Organisation.objects.values_list("code", flat=True)) == {"books", "books-2"}
