"""Every command on places, bodies and mandates, by every role: the table and the house say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from hamgara import clock
from hamgara.domain.ledger.commands import Refused
from hamgara.domain.ledger.events import CLOCK, FOUNDERS, RULES
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands, policies, queries
from hamgara.domain.organisations.models import Mandate, Organisation, Place
from tests import factories as make

pytestmark = pytest.mark.django_db

State = Organisation.State


@dataclass
class World:
    roles: dict[str, Any]
    body: Organisation
    unit: Organisation
    place: Place


@pytest.fixture
def world() -> World:
    """An organisation with everybody in it, a unit with an officer, and people who have nothing to do with either."""
    body, unit = make.organisation("انجمن همسایه‌ها"), make.unit("ادارهٔ فرهنگی")
    head = make.head_of(body)
    ended = make.mandate(make.office())
    commands.end_mandate(by=FOUNDERS, mandate=ended)
    ended.refresh_from_db()
    expired = make.mandate(make.office())
    Mandate.objects.filter(pk=expired.pk).update(until=clock.today() - timedelta(days=1))
    expired.refresh_from_db()
    roles = {
        "citizen": make.acting(),
        "head, in their own name": make.acting(head.person),
        "head": head,
        "representative": make.under(make.mandate(body, role="representative")),
        "reviewer": make.under(make.mandate(body, role="reviewer")),
        "head of another": make.head_of(make.organisation()),
        "officer": make.officer(unit),
        "head of the unit": make.under(make.mandate(unit, role="head")),
        "officer elsewhere": make.officer(make.unit()),
        "office": make.office_officer(),
        "office, in their own name": make.acting(make.office_officer().person),
        "a mandate ended": make.under(ended),
        "a mandate past its date": make.under(expired),
        "somebody else's mandate": make.acting(mandate=make.mandate(make.office())),
        "house": RULES,
    }
    return World(roles, body, unit, make.place())


INVALID_MANDATES = {"a mandate ended", "a mandate past its date", "somebody else's mandate"}
OFFICE, HOUSE = {"office"}, {"house"}
NAMED = {"citizen", "head, in their own name", "office, in their own name"}
UNDER_A_MANDATE = {
    "head",
    "representative",
    "reviewer",
    "head of another",
    "officer",
    "head of the unit",
    "officer elsewhere",
    "office",
}

Attempt = Callable[[Any, World], object]


def tomorrow() -> date:
    return clock.today() + timedelta(days=1)


TABLE: dict[str, tuple[set[str], Attempt]] = {
    "add_place": (
        OFFICE | HOUSE,
        lambda by, _w: commands.add_place(by=by, code="new", name="نو", level="neighbourhood", within=make.city()),
    ),
    "change_place": (OFFICE | HOUSE, lambda by, w: commands.change_place(by=by, place=w.place, name="نام تازه")),
    "found": (OFFICE | HOUSE, lambda by, _w: commands.found(by=by, name="واحد تازه", code="new-unit")),
    "apply": (
        NAMED | UNDER_A_MANDATE | HOUSE,
        lambda by, _w: commands.apply(by=by, name="تازه", kind="ngo", code="new"),
    ),
    "accredit": (OFFICE | HOUSE, lambda by, w: accredit(by, w.body)),
    "withdraw_accreditation": (
        OFFICE | HOUSE,
        lambda by, w: commands.withdraw_accreditation(by=by, organisation=w.body, reason="مدارک"),
    ),
    "describe": (
        OFFICE | HOUSE | {"head", "representative"},
        lambda by, w: commands.describe(by=by, organisation=w.body, about="ما همسایه‌ایم"),
    ),
    "describe a unit": (
        OFFICE | HOUSE | {"head of the unit"},
        lambda by, w: commands.describe(by=by, organisation=w.unit, about="ما کار می‌کنیم"),
    ),
    "rename": (OFFICE | HOUSE, lambda by, w: commands.rename(by=by, organisation=w.unit, name="نام تازه")),
    "move": (OFFICE | HOUSE, lambda by, w: commands.move(by=by, organisation=w.unit, parent=make.office())),
    "merge": (OFFICE | HOUSE, lambda by, w: commands.merge(by=by, organisation=w.unit, into=make.office(), reason="x")),
    "close": (
        OFFICE | HOUSE,
        lambda by, w: commands.close(by=by, organisation=w.unit, successor=make.office(), reason="x"),
    ),
    "add_capability": (
        OFFICE | HOUSE,
        lambda by, _w: commands.add_capability(by=by, code="c", name="آموزش", unit="ساعت"),
    ),
    "offer_capability": (
        OFFICE | HOUSE | {"head", "representative"},
        lambda by, w: commands.offer_capability(by=by, organisation=w.body, capability=capability(), amount=3),
    ),
    "withdraw_capability": (
        OFFICE | HOUSE | {"head", "representative"},
        lambda by, w: commands.withdraw_capability(by=by, organisation=w.body, capability=offered(w)),
    ),
    # The city does not choose who speaks for an organisation that has a head.
    "grant_mandate": (HOUSE | {"head"}, lambda by, w: grant(by, w.body, "representative")),
    "grant_mandate in a unit": (OFFICE | HOUSE | {"head of the unit"}, lambda by, w: grant(by, w.unit, "officer")),
    "end_mandate of another": (
        OFFICE | HOUSE | {"head"},
        lambda by, w: commands.end_mandate(by=by, mandate=make.mandate(w.body, role="reviewer")),
    ),
    "warn_of_expiry": (HOUSE, lambda by, w: commands.warn_of_expiry(by=by, mandate=a_mandate(w.body, "head"))),
    "expire_mandate": (HOUSE, lambda by, w: commands.expire_mandate(by=by, mandate=past(w.body))),
    "expire_accreditation": (OFFICE | HOUSE, lambda by, w: commands.expire_accreditation(by=by, organisation=late(w))),
}


def accredit(by: Any, body: Organisation) -> Organisation:
    return commands.accredit(by=by, organisation=body, registration_number="۱۲", authority="وزارت", until=tomorrow())


def grant(by: Any, body: Organisation, role: str) -> Mandate:
    return commands.grant_mandate(by=by, organisation=body, person=make.person(), role=role, until=tomorrow())


def capability() -> Any:
    return queries.capabilities().first() or commands.add_capability(by=FOUNDERS, code="x", name="کار", unit="ساعت")


def offered(world: World) -> Any:
    known = capability()
    if not world.body.offers.exists():
        commands.offer_capability(by=FOUNDERS, organisation=world.body, capability=known, amount=1)
    return known


def a_mandate(body: Organisation, role: str) -> Mandate:
    return queries.holders(body).get(role=role)


def past(body: Organisation) -> Mandate:
    Mandate.objects.filter(pk=a_mandate(body, "reviewer").pk).update(until=clock.today() - timedelta(days=1))
    return Mandate.objects.get(organisation=body, role="reviewer")


def late(world: World) -> Organisation:
    Organisation.objects.filter(pk=world.body.pk).update(accredited_until=clock.today() - timedelta(days=1))
    return world.body


@pytest.mark.parametrize("verb", TABLE)
def test_who_may(world: World, verb: str) -> None:
    allowed, attempt = TABLE[verb]
    did, reasons = set(), []
    for role, by in world.roles.items():
        # Each tries on the world as it was, and leaves it so.
        with transaction.atomic():
            before = Entry.objects.count()
            try:
                attempt(by, world)
            except Refused as refused:
                reasons.append(str(refused.reason))
            else:
                did.add(role)
                assert Entry.objects.count() > before
            transaction.set_rollback(True)
    assert did == allowed
    assert all(reasons)


def test_each_command_is_in_the_table() -> None:
    tried = {verb.split()[0] for verb in TABLE}
    # Asked about by themselves below and in the tests of accreditation, of imports and of erasure.
    assert set(commands.__all__) - tried == {
        "found_city",
        "forget_person",
        "refuse_accreditation",
        "PastOrganisation",
        "take_over",
    }


def test_a_city_is_founded_by_those_who_set_the_system_up(world: World) -> None:
    for role, by in world.roles.items():
        assert bool(policies.may_found_city(by)) == (role == "house")


def test_an_application_is_refused_by_the_office_alone(world: World) -> None:
    applied = make.organisation(accredited=False)
    may = {
        role
        for role, by in world.roles.items()
        if policies.may_decide_accreditation(by, applied, "refuse_accreditation")
    }
    assert may == OFFICE | HOUSE


def test_papers_are_seen_by_the_office_and_the_head(world: World) -> None:
    may = {role for role, by in world.roles.items() if policies.may_see_documents(by, world.body)}
    assert may == {"office", "head"}


def test_a_mandate_that_does_not_stand_says_so(world: World) -> None:
    for role in INVALID_MANDATES:
        decision = policies.may_manage_units(world.roles[role])
        assert not decision
        assert decision == policies.mandate_stands(world.roles[role])


# --- in which state --------------------------------------------------------------------------------------------------

BY_STATE: dict[str, set[str]] = {
    "accredit": {State.APPLIED, State.ACCREDITED, State.REFUSED, State.EXPIRED, State.WITHDRAWN},
    "refuse_accreditation": {State.APPLIED},
    "withdraw_accreditation": {State.ACCREDITED, State.EXPIRED},
    "expire_accreditation": {State.ACCREDITED},
    "merge": {State.ACCREDITED, State.EXPIRED, State.WITHDRAWN},
    "close": {State.APPLIED, State.ACCREDITED, State.EXPIRED, State.WITHDRAWN},
    "rename": set(State) - {State.CLOSED, State.MERGED, State.REFUSED},
    "move": set(State) - {State.CLOSED, State.MERGED, State.REFUSED},
    "grant_mandate": set(State) - {State.CLOSED, State.MERGED, State.REFUSED},
}
IN_STATE: dict[str, Callable[[Any, Organisation], object]] = {
    "accredit": accredit,
    "refuse_accreditation": lambda by, o: commands.refuse_accreditation(by=by, organisation=o, reason="ناقص"),
    "withdraw_accreditation": lambda by, o: commands.withdraw_accreditation(by=by, organisation=o, reason="ناقص"),
    "expire_accreditation": lambda by, o: commands.expire_accreditation(by=by, organisation=o),
    "merge": lambda by, o: commands.merge(by=by, organisation=o, into=make.organisation(), reason="یکی شدند"),
    "close": lambda by, o: commands.close(by=by, organisation=o, successor=None, reason="کار تمام شد"),
    "rename": lambda by, o: commands.rename(by=by, organisation=o, name="نام تازه"),
    "move": lambda by, o: commands.move(by=by, organisation=o, parent=make.organisation()),
    "grant_mandate": lambda by, o: grant(by, o, "representative"),
}


@pytest.mark.parametrize("verb", BY_STATE)
def test_in_which_state(verb: str) -> None:
    body = make.organisation()
    yesterday = clock.today() - timedelta(days=1)
    did = set()
    for state in State:
        Organisation.objects.filter(pk=body.pk).update(state=state, accredited_until=yesterday)
        with transaction.atomic():
            try:
                IN_STATE[verb](FOUNDERS, body)
            except Refused:
                pass
            else:
                did.add(state)
            transaction.set_rollback(True)
    assert did == BY_STATE[verb]


def test_the_states_of_the_table_are_those_of_the_lifecycle() -> None:
    life = Organisation.LIFE
    for verb in (
        "accredit",
        "refuse_accreditation",
        "withdraw_accreditation",
        "expire_accreditation",
        "merge",
        "close",
    ):
        assert {state for state in State if life.allows(state, verb)} == BY_STATE[verb]
    assert not life.unreachable()


def test_a_unit_is_not_accredited_by_anybody() -> None:
    for verb in ("accredit", "refuse_accreditation", "withdraw_accreditation", "expire_accreditation"):
        assert not policies.may_decide_accreditation(FOUNDERS, make.unit(), verb)


def test_the_clock_is_of_the_house() -> None:
    assert policies.may_let_mandate_run_out(CLOCK)
