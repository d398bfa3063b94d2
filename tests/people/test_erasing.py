"""Who may erase whom, the waiting time, duties that stand against it, and that it is done once and whole."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hamgara import charter, clock
from hamgara.cli import main
from hamgara.domain.commitments import commands as commitments
from hamgara.domain.demands import commands as demands
from hamgara.domain.imports import commands as imports
from hamgara.domain.ledger import jobs as ledger_jobs
from hamgara.domain.ledger.commands import Refused
from hamgara.domain.ledger.events import CLOCK, FOUNDERS, RULES
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry, Opening
from hamgara.domain.moderation import commands as moderation
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import Mandate
from hamgara.domain.oversight import commands as oversight
from hamgara.domain.oversight.models import Monitor, Seat
from hamgara.domain.people import commands, events, jobs, queries
from hamgara.domain.people.commands import Self
from hamgara.domain.people.models import Erasure, Person
from tests import factories as make
from tests.oversight import examining as examine

pytestmark = pytest.mark.django_db

PHONE, MAIL, NAME = "+989131234567", "parvaneh@example.org", "پروانه گلابچی"
WAIT = charter.number("people.erasure_waits") + 0.01


def erased(person: Person) -> Person:
    """From the wish to the end, as the calendar and the followers do it."""
    commands.ask_erasure(by=make.acting(person), person=person)
    with make.days_later(WAIT):
        jobs.erase_whose_time_has_come()
        catch_up()
        jobs.erase_whose_time_has_come()
        catch_up()
    person.refresh_from_db()
    return person


# --- who may ---------------------------------------------------------------------------------------------------------


def actors(person: Person) -> dict[str, Any]:
    """Everybody who could try something on one person."""
    return {
        "self": make.acting(person),
        "self, before any mandate": Self(str(person.key)),
        "citizen": make.acting(),
        "head": make.head_of(make.organisation()),
        "officer of a unit": make.officer(make.unit()),
        "officer of the office": make.office_officer(),
        "the clock": CLOCK,
        "the rules": RULES,
        "the founders": FOUNDERS,
    }


SELF, HOUSE = {"self", "self, before any mandate"}, {"the clock", "the rules", "the founders"}
TABLE = {
    "ask_erasure": SELF | HOUSE,
    "cancel_erasure": SELF | HOUSE,
    "begin_erasure": HOUSE,
    "erase": HOUSE,
}


def attempt(verb: str, by: Any, person: Person) -> None:
    if verb == "ask_erasure":
        commands.ask_erasure(by=by, person=person)
        return
    erasure = commands.ask_erasure(by=FOUNDERS, person=person)
    if verb == "cancel_erasure":
        commands.cancel_erasure(by=by, erasure=erasure)
        return
    with make.days_later(WAIT):
        if verb == "begin_erasure":
            commands.begin_erasure(by=by, erasure=erasure)
            return
        erasure = commands.begin_erasure(by=CLOCK, erasure=erasure)
        catch_up()
        commands.erase(by=by, erasure=erasure)


@pytest.mark.parametrize("verb", TABLE)
def test_who_may_erase_whom(verb: str) -> None:
    person = make.person()
    did, reasons = set(), []
    for role, by in actors(person).items():
        with transaction.atomic():
            try:
                attempt(verb, by, person)
            except Refused as refused:
                reasons.append(str(refused.reason))
            else:
                did.add(role)
            transaction.set_rollback(True)
    assert did == TABLE[verb]
    assert all(reasons)


@pytest.mark.parametrize(
    "floor", [organisations, demands, imports, commitments, oversight, moderation], ids=lambda m: m.__name__
)
def test_each_floor_lets_go_by_itself_alone(floor: Any) -> None:
    person = make.person()
    for role, by in actors(person).items():
        if role in HOUSE:
            floor.forget_person(by=by, person=person, erasure=str(uuid.uuid4()))
            continue
        before = Entry.objects.count()
        with pytest.raises(Refused):
            floor.forget_person(by=by, person=person, erasure=str(uuid.uuid4()))
        assert Entry.objects.count() == before


# --- the way of one wish ---------------------------------------------------------------------------------------------


def test_nothing_happens_before_the_waiting_time_is_over() -> None:
    person = make.person(NAME, phone=PHONE)
    erasure = commands.ask_erasure(by=make.acting(person), person=person)
    assert erasure.due - erasure.asked_at == charter.period("people.erasure_waits")
    with make.days_later(WAIT - 0.1):
        jobs.erase_whose_time_has_come()
        with pytest.raises(Refused):
            commands.begin_erasure(by=CLOCK, erasure=erasure)
    person.refresh_from_db()
    assert (person.name, person.is_active) == (NAME, True)


def test_whoever_thinks_better_of_it_stays_and_may_ask_again() -> None:
    person = make.person(NAME)
    first = commands.ask_erasure(by=make.acting(person), person=person)
    commands.cancel_erasure(by=make.acting(person), erasure=first)
    with pytest.raises(Refused):
        commands.cancel_erasure(by=make.acting(person), erasure=first)
    with make.days_later(WAIT):
        jobs.erase_whose_time_has_come()
    person.refresh_from_db()
    assert person.is_active
    assert commands.ask_erasure(by=make.acting(person), person=person) != first


def test_it_is_asked_once_at_a_time() -> None:
    person = make.person()
    commands.ask_erasure(by=make.acting(person), person=person)
    with pytest.raises(Refused):
        commands.ask_erasure(by=make.acting(person), person=person)
    # Two at the very same moment: the database itself takes one.
    with pytest.raises(IntegrityError), transaction.atomic():
        Erasure.objects.create(person=person, due=clock.now())


def test_the_row_comes_last_when_all_have_read(monkeypatch: pytest.MonkeyPatch) -> None:
    person = make.person(NAME, phone=PHONE)
    commands.ask_erasure(by=make.acting(person), person=person)
    with make.days_later(WAIT):
        jobs.erase_whose_time_has_come()
        # The worker was killed here: nothing is half erased, and nobody signs in.
        (erasure,) = queries.erasures_begun()
        with pytest.raises(Refused):
            commands.erase(by=CLOCK, erasure=erasure)
        with pytest.raises(Refused):
            commands.cancel_erasure(by=make.acting(person), erasure=erasure)
        person.refresh_from_db()
        assert (person.name, person.phone, person.is_active) == (NAME, PHONE, False)

        # One floor stumbles: the row waits for it, and goes when it has got up.
        follower = ledger_jobs.FOLLOWERS["demands.forget_person"]

        def stumble(entry: Entry) -> None:
            raise RuntimeError

        broken = ledger_jobs.Follower(follower.name, follower.kinds, stumble, 1)
        monkeypatch.setitem(ledger_jobs.FOLLOWERS, follower.name, broken)
        catch_up()
        jobs.erase_whose_time_has_come()
        person.refresh_from_db()
        assert person.erased_at is None
        monkeypatch.undo()
        catch_up()
        jobs.erase_whose_time_has_come()
        person.refresh_from_db()
        assert person.erased_at is not None
        # Again does nothing.
        before = Entry.objects.count()
        jobs.erase_whose_time_has_come()
        assert Entry.objects.count() == before


def test_whoever_is_gone_has_an_empty_row_and_another_key() -> None:
    person = make.person(NAME, phone=PHONE, email=MAIL)
    key = person.key
    erased(person)
    assert (person.name, person.name_sort, person.phone, person.email, person.last_login) == ("", "", None, None, None)
    assert not person.is_active
    assert person.key != key
    assert not Opening.objects.filter(person_key=str(key)).exists()
    assert queries.by_key(str(key)) is None
    assert queries.by_phone(PHONE) is None
    last = Entry.objects.get(kind=events.Erased.KIND)
    assert last.data["openings"] > 0
    assert last.subjects == []


def test_the_old_number_makes_a_new_person() -> None:
    person = erased(make.person(NAME, phone=PHONE, email=MAIL))
    key = uuid.uuid4()
    again = commands.register(by=Self(str(key)), key=key, name="", phone=PHONE, email=MAIL)
    assert again.pk != person.pk


# --- duties ----------------------------------------------------------------------------------------------------------


def test_the_last_head_hands_over_first() -> None:
    head = make.person()
    body = make.organisation(head=head)
    with pytest.raises(Refused) as refused:
        commands.ask_erasure(by=make.acting(head), person=head)
    assert body.label in str(refused.value.reason)
    make.mandate(body)
    erased(head)
    assert head.erased_at is not None
    assert list(body.mandates.values_list("role", flat=True)) == ["head"]


def test_whoever_became_the_last_head_meanwhile_is_not_erased_before_they_have_handed_over() -> None:
    head, other = make.person(), make.person()
    body = make.organisation(head=head)
    second = make.mandate(body, other)
    commands.ask_erasure(by=make.acting(head), person=head)
    organisations.end_mandate(by=make.acting(other), mandate=second)
    with make.days_later(WAIT):
        jobs.erase_whose_time_has_come()
        head.refresh_from_db()
        assert head.is_active
        make.mandate(body)
        jobs.erase_whose_time_has_come()
        catch_up()
        jobs.erase_whose_time_has_come()
    head.refresh_from_db()
    assert head.erased_at is not None
    assert not Mandate.objects.filter(person=head).exists()


def test_a_reviewer_who_leaves_in_the_middle_is_replaced_by_the_next_in_the_lot() -> None:
    for _n in range(6):
        examine.monitor()
    review = examine.drawn(bodies=0)
    seat = examine.called(review)[0]
    assert seat.monitor is not None
    erased(seat.monitor.person)
    seat = Seat.objects.get(pk=seat.pk)
    assert seat.state == Seat.State.ABSENT
    assert seat.replaced_by is not None
    assert seat.replaced_by.state == Seat.State.CALLED
    assert not Monitor.objects.filter(code=seat.candidate.partition(":")[2]).exists()
    assert str(seat.label)


# --- on a letter -----------------------------------------------------------------------------------------------------


def test_those_who_run_the_system_do_it_upon_a_letter_and_the_person_can_stop_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    person = make.person(NAME, phone=PHONE)
    assert main(["erase", "09131234567"]) == 2
    office = [make.office_officer(make.person(phone=f"+98913111000{n}")).person for n in (1, 2)]
    looked = ["--seen-by", "09131110001", "--seen-by", "09131110002"]
    assert main(["erase", "09139999999", "--letter", "۱۲/۳", *looked]) == 1
    assert main(["erase", "۰۹۱۳ ۱۲۳ ۴۵۶۷", "--letter", "۱۲/۳", *looked]) == 0
    asked = Entry.objects.get(kind="people.erasure_asked")
    assert asked.data["seen_by"] == [str(each.key) for each in office]
    erasure = queries.wish_to_be_erased(person)
    assert erasure is not None
    assert erasure.letter == "۱۲/۳"
    assert erasure.due > clock.now() + timedelta(days=1)
    assert main(["erase", "09131234567", "--letter", "۴", *looked]) == 1
    assert NAME not in capsys.readouterr().out
    commands.cancel_erasure(by=make.acting(person), erasure=erasure)
    assert main(["erase", "09131234567", "--stop"]) == 1


@pytest.mark.parametrize(
    "looked",
    [
        [],
        ["09131110001"],
        ["09131110001", "09131110001"],
        ["09131110001", "09131110003"],
        ["09131110001", "09139999999"],
        ["09131110001", "09131234567"],
    ],
    ids=["nobody", "one", "one twice", "one of them no more of the office", "nobody known", "the writer"],
)
def test_two_people_of_the_office_look_at_a_letter_before_anything_is_asked(looked: list[str]) -> None:
    person = make.office_officer(make.person(NAME, phone=PHONE)).person
    make.office_officer(make.person(phone="+989131110001"))
    make.officer(make.unit(), make.person(phone="+989131110003"))
    given = [word for each in looked for word in ("--seen-by", each)]
    assert main(["erase", "09131234567", "--letter", "۱۲/۳", *given]) == 1
    assert queries.wish_to_be_erased(person) is None
