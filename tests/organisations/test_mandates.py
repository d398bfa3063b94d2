"""Named persons act for a body until a date: given by its head, warned of, run out, and never an orphan left."""

from __future__ import annotations

import threading
import uuid
from datetime import date, timedelta

import pytest
from django.db import connections

from hamgara import charter, clock
from hamgara.domain.ledger.commands import Invalid, Refused, Replayed
from hamgara.domain.ledger.events import CLOCK, FOUNDERS
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands, events, jobs, policies, queries
from hamgara.domain.organisations.models import ActingPerson, Mandate, Organisation
from hamgara.domain.people.models import Person
from tests import factories as make

pytestmark = pytest.mark.django_db


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def give(
    by: ActingPerson, body: Organisation, role: str, until: date | None = None, who: Person | None = None
) -> Mandate:
    return commands.grant_mandate(
        by=by, organisation=body, person=who or make.person(), role=role, until=until or in_days(100)
    )


def recorded(event: type) -> list[Entry]:
    return list(Entry.objects.filter(kind=event.KIND).order_by("pk"))  # type: ignore[attr-defined]


# --- giving ----------------------------------------------------------------------------------------------------------


def test_the_head_names_who_acts_for_the_body() -> None:
    body, person = make.organisation(), make.person("زهرا")
    mandate = give(make.head_of(body), body, "representative", who=person)
    assert list(queries.mandates_of(person)) == [mandate]
    assert mandate.is_live
    entry = recorded(events.MandateGranted)[-1]
    assert entry.subjects == [body.subject]
    assert entry.data["role"] == "representative"
    assert "commitment" in entry.data["person"]
    assert str(person.key) not in bytes(entry.canonical).decode()


def test_erasing_the_holder_erases_whom_the_record_named() -> None:
    body, person = make.organisation(), make.person()
    give(make.head_of(body), body, "representative", who=person)
    opening = recorded(events.MandateGranted)[-1].openings.get(field="data.person")
    assert opening.person_key == str(person.key)


@pytest.mark.parametrize(
    ("unit", "roles"),
    [(True, {"head", "officer"}), (False, {"head", "representative", "reviewer"})],
    ids=["a unit", "an organisation"],
)
def test_each_sort_of_body_has_its_roles(unit: bool, roles: set[str]) -> None:
    body = make.unit() if unit else make.organisation()
    given = set()
    for role in [*Mandate.Role.values, "king"]:
        try:
            give(FOUNDERS, body, role)  # type: ignore[arg-type]
        except Invalid as invalid:
            assert set(invalid.problems) == {"role"}  # noqa: PT017
        else:
            given.add(role)
    assert given == roles


def test_a_mandate_ends_within_the_charters_time() -> None:
    body = make.organisation()
    most = charter.number("organisations.mandate_at_most")
    for days in (0, 1, most):
        assert give(make.head_of(body), body, "reviewer", in_days(days)).is_live
    for days in (-1, most + 1):
        with pytest.raises(Invalid) as invalid:
            give(make.head_of(body), body, "reviewer", in_days(days))
        assert set(invalid.value.problems) == {"until"}


def test_a_person_has_a_role_once() -> None:
    body, person = make.organisation(), make.person()
    give(make.head_of(body), body, "reviewer", who=person)
    with pytest.raises(Invalid) as invalid:
        give(make.head_of(body), body, "reviewer", who=person)
    assert set(invalid.value.problems) == {"person"}
    give(make.head_of(body), body, "representative", who=person)
    assert queries.mandates_of(person).count() == 2


def test_a_role_can_be_given_anew_before_the_clock_has_noted_that_it_ran_out() -> None:
    body, person = make.organisation(), make.person()
    old = give(make.head_of(body), body, "reviewer", in_days(3), who=person)
    with make.days_later(5):
        new = give(make.head_of(body), body, "reviewer", in_days(100), who=person)
        assert list(queries.mandates_of(person)) == [new]
        old.refresh_from_db()
        assert old.end_reason == "expired"


def test_a_double_click_gives_one_mandate() -> None:
    body, person = make.organisation(), make.person()
    by = make.under(make.head_of(body).mandate, once=uuid.uuid4())
    give(by, body, "reviewer", who=person)
    with pytest.raises(Replayed):
        give(by, body, "reviewer", who=person)
    assert queries.mandates_of(person).count() == 1


def test_the_city_does_not_choose_who_speaks_for_an_organisation_that_has_a_head() -> None:
    body, office = make.organisation(), make.office_officer()
    with pytest.raises(Refused):
        give(office, body, "representative")
    head = queries.holders(body).get(role="head")
    with make.days_later((head.until - clock.today()).days + 1):
        assert not queries.has_head(body)
        fresh = make.office_officer()
        assert give(fresh, body, "head").is_live, "an orphan gets a head again"
        with pytest.raises(Refused):
            give(fresh, body, "head")


# --- acting ----------------------------------------------------------------------------------------------------------


def test_whoever_acts_under_a_mandate_is_shown_by_body_and_role() -> None:
    body = make.organisation()
    by = make.head_of(body)
    assert (by.body, by.role, by.organisation) == (body.code, "head", body)
    alone = make.acting(by.person)
    assert (alone.body, alone.role, alone.organisation) == (None, None, None)
    assert alone.person_key == by.person_key


def test_a_mandate_counts_to_its_last_day_and_not_a_day_longer() -> None:
    body = make.organisation()
    by = make.under(give(make.head_of(body), body, "representative", in_days(10)))
    with make.days_later(10):
        assert policies.mandate_stands(by)
        assert policies.holds(by, body, "representative")
    with make.days_later(11):
        assert not policies.mandate_stands(by)
        assert not policies.holds(by, body, "representative")
        with pytest.raises(Refused):
            commands.describe(by=by, organisation=body, about="دیر شد")
    assert not queries.mandates_of(by.person).filter(until__lt=clock.today()).exists()


def test_a_mandate_of_one_body_is_none_of_another() -> None:
    mine, other = make.organisation(), make.organisation()
    with pytest.raises(Refused):
        commands.describe(by=make.head_of(mine), organisation=other, about="ما نیستیم")


def test_a_mandate_of_somebody_else_is_none() -> None:
    body = make.organisation()
    thief = make.acting(mandate=make.head_of(body).mandate)
    with pytest.raises(Refused) as refused:
        commands.describe(by=thief, organisation=body, about="دزدی")
    assert refused.value.reason == policies.mandate_stands(thief).reason  # type: ignore[union-attr]


def test_acting_in_ones_own_name_brings_no_power_of_a_mandate() -> None:
    body = make.organisation()
    with pytest.raises(Refused):
        commands.describe(by=make.acting(make.head_of(body).person), organisation=body, about="خودم")


# --- ending ----------------------------------------------------------------------------------------------------------


def test_who_may_end_a_mandate() -> None:
    body = make.organisation()
    head, office = make.head_of(body), make.office_officer()
    colleague = make.under(make.mandate(body, role="representative"))
    mandate = make.mandate(body, role="reviewer")
    may = lambda by: bool(policies.may_end_mandate(by, mandate, last_head=False))  # noqa: E731
    assert all(map(may, (make.acting(mandate.person), make.under(mandate), head, office, FOUNDERS)))
    assert not any(map(may, (make.acting(), colleague, make.head_of(make.organisation()), make.officer(make.unit()))))


def test_a_mandate_ends_at_once() -> None:
    body = make.organisation()
    by = make.under(make.mandate(body, role="representative"))
    ended = commands.end_mandate(by=make.head_of(body), mandate=by.mandate, reason="رأی هیئت‌مدیره")  # type: ignore[arg-type]
    assert not ended.is_live
    assert ended.end_reason == "رأی هیئت‌مدیره"
    assert not queries.mandates_of(by.person).exists()
    with pytest.raises(Refused):
        commands.end_mandate(by=make.head_of(body), mandate=ended)
    assert len(recorded(events.MandateEnded)) == 1


def test_why_somebody_laid_a_mandate_down_is_not_for_the_public() -> None:
    body = make.organisation()
    by = make.under(make.mandate(body, role="representative"))
    commands.end_mandate(by=by, mandate=by.mandate, reason="بیماری قلبی")  # type: ignore[arg-type]
    [entry] = recorded(events.MandateEnded)
    assert "بیماری" not in bytes(entry.canonical).decode()
    reason = entry.openings.get(field="data.reason")
    assert (reason.value, reason.person_key) == ("بیماری قلبی", str(by.person.key)), "it goes with the holder"


def test_the_last_head_cannot_leave_an_orphan() -> None:
    body = make.organisation()
    head = make.head_of(body)
    for by in (make.acting(head.person), head, make.office_officer(), FOUNDERS):
        with pytest.raises(Refused) as refused:
            commands.end_mandate(by=by, mandate=head.mandate)  # type: ignore[arg-type]
        assert str(refused.value.reason)
    second = give(head, body, "head")
    commands.end_mandate(by=head, mandate=head.mandate)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        commands.end_mandate(by=make.under(second), mandate=second)


def test_a_head_whose_date_has_passed_is_no_second_head() -> None:
    body = make.organisation()
    head = make.head_of(body)
    give(head, body, "head", in_days(3))
    with make.days_later(5), pytest.raises(Refused):
        commands.end_mandate(by=head, mandate=head.mandate)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_two_heads_who_leave_at_the_same_moment_do_not_leave_an_orphan() -> None:
    body = make.organisation()
    first = make.head_of(body)
    second = make.under(give(first, body, "head"))
    start = threading.Barrier(2, timeout=10)
    outcomes: list[str] = []

    def leave(by: ActingPerson) -> None:
        start.wait()
        try:
            commands.end_mandate(by=by, mandate=by.mandate)  # type: ignore[arg-type]
            outcomes.append("left")
        except Refused:
            outcomes.append("stays")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=leave, args=(each,)) for each in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["left", "stays"]
    assert queries.has_head(body)


# --- the calendar ----------------------------------------------------------------------------------------------------


def test_a_mandate_warns_once_and_then_runs_out_by_itself() -> None:
    body = make.organisation()
    warning = charter.number("organisations.mandate_warning")
    mandate = give(make.head_of(body), body, "representative", in_days(warning + 10))
    with make.days_later(9):
        jobs.let_time_pass()
        assert not recorded(events.MandateExpiring)
    with make.days_later(10):
        jobs.let_time_pass()
        jobs.let_time_pass()
        (entry,) = recorded(events.MandateExpiring)
        assert entry.data["mandate"] == str(mandate.key)
        assert entry.data["until"] == mandate.until.isoformat()
    with make.days_later(warning + 11):
        jobs.let_time_pass()
        jobs.let_time_pass()
    (entry,) = recorded(events.MandateExpired)
    assert entry.body["by"] == {"person": None, "body": None, "role": "clock"}
    mandate.refresh_from_db()
    assert (mandate.end_reason, mandate.ended_at is None) == ("expired", False)


def test_nobody_is_warned_of_what_is_over_or_of_a_body_that_is_gone() -> None:
    soon = in_days(5)
    ended, refused, closed = make.organisation(), make.organisation(accredited=False), make.organisation()
    for body in (ended, refused, closed):
        give(make.head_of(body), body, "reviewer", soon)
    commands.end_mandate(by=FOUNDERS, mandate=ended.mandates.get(role="reviewer"))
    commands.refuse_accreditation(by=FOUNDERS, organisation=refused, reason="ناقص")
    commands.close(by=FOUNDERS, organisation=closed, successor=None, reason="پایان")
    jobs.let_time_pass()
    assert not recorded(events.MandateExpiring)
    with make.days_later(10):
        jobs.let_time_pass()
    assert [entry.data["organisation"] for entry in recorded(events.MandateExpired)] == [refused.code]


def test_time_does_not_pass_twice() -> None:
    mandate = make.mandate(make.organisation(), role="reviewer")
    with pytest.raises(Invalid):
        commands.expire_mandate(by=CLOCK, mandate=mandate)
    with make.days_later(400):
        commands.expire_mandate(by=CLOCK, mandate=mandate)
        with pytest.raises(Invalid):
            commands.expire_mandate(by=CLOCK, mandate=mandate)
        with pytest.raises(Invalid):
            commands.warn_of_expiry(by=CLOCK, mandate=mandate)
