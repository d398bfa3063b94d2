"""Every command on a demand, by every role, in every state: the table, its policy and the command say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from hamgara import charter, clock
from hamgara.domain.demands import commands, policies, queries
from hamgara.domain.demands.models import Demand, Follow, Merge, Question, Support
from hamgara.domain.ledger.commands import Refused
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands as organisations
from tests import factories as make

pytestmark = pytest.mark.django_db

State = Demand.State
EVERY_STATE = set(State)
OPEN, ENDED = set(Demand.OPEN), set(Demand.ENDED)
PUBLISHED = EVERY_STATE - set(Demand.UNPUBLISHED)

PEOPLE = {"citizen", "author", "supporter"}
BODIES = {"head of an organisation", "carrier"}
HANDLERS = {"officer", "officer above", "office"}
OFFICERS = HANDLERS | {"officer elsewhere"}
SIGNED_IN = PEOPLE | BODIES | OFFICERS
HOUSE = {"house"}

# verb: (who, in which states)
TABLE: dict[str, tuple[set[str], set[str]]] = {
    "withdraw": ({"author", "carrier"}, {State.RECEIVED, State.ADMITTED}),
    "support": ({"citizen"}, OPEN),
    "withdraw_support": ({"supporter"}, OPEN),
    "follow": (SIGNED_IN - {"supporter", "author", "carrier"}, PUBLISHED),
    "unfollow": ({"supporter"}, EVERY_STATE),
    "comment": (SIGNED_IN, PUBLISHED - {State.MERGED}),
    "admit": (HANDLERS | HOUSE, {State.RECEIVED}),
    "decline": (HANDLERS | HOUSE, {State.RECEIVED}),
    "appeal": ({"author", "carrier"}, {State.DECLINED}),
    "route": (HANDLERS | HOUSE, OPEN),
    "take": (HANDLERS, OPEN),
    "hand_over": (HANDLERS, OPEN),
    "give_back": (HANDLERS, OPEN),
    "note": (HANDLERS, EVERY_STATE),
    "ask_back": (HANDLERS, OPEN),
    "tell_more": ({"author", "carrier"}, OPEN),
    "look": (HANDLERS, set(State)),
    "merge": (HANDLERS, OPEN),
    "unmerge": (HANDLERS | HOUSE, {State.MERGED}),
    "explain": (HANDLERS | HOUSE, {State.ADMITTED, State.ANSWERED}),
    "refuse": (HANDLERS | HOUSE, {State.ADMITTED}),
    "find_not_doable": (HANDLERS | HOUSE, {State.ADMITTED}),
    "mark_answered": (HOUSE, {State.ADMITTED}),
    "close": (HOUSE, {State.ANSWERED}),
    "go_back": (HOUSE, {State.ANSWERED}),
    "look_again": (HOUSE, {State.CLOSED}),
    "call_for_reopening": ({"supporter"}, ENDED),
    "reopen": ({"author", "carrier"}, ENDED),
    "note_deadline": (HOUSE, {State.RECEIVED, State.ADMITTED}),
    "remind": (HOUSE, {State.RECEIVED, State.ADMITTED}),
    "escalate": (HOUSE, {State.RECEIVED, State.ADMITTED}),
    "ask_author": (HOUSE, {State.CLOSED}),
    "confirm_done": ({"author", "carrier"}, {State.CLOSED}),
    "deny_done": ({"author", "carrier"}, {State.CLOSED}),
}
# What is not published can be followed by those who deal with it.
READ_ALL = {"follow": HANDLERS}
# One policy for two answers to one question.
POLICY = {"confirm_done": "may_say_whether_done", "deny_done": "may_say_whether_done"}


@dataclass
class World:
    roles: dict[str, Any]
    demand: Demand
    other: Demand
    unit: Any
    colleague: Any


@pytest.fixture
def world() -> World:
    """A demand that an organisation carries, routed to a unit two floors down, with a supporter."""
    office = make.office()
    above = make.unit("معاونت")
    unit = make.unit("ادارهٔ فرهنگی", parent=above)
    elsewhere = make.unit("ادارهٔ دیگر")
    body = make.organisation("انجمن همسایه‌ها")
    carrier = make.head_of(body)
    demand = make.demand(carrier, unit=unit)
    supporter = make.acting()
    commands.support(by=supporter, demand=demand)
    ended = make.mandate(unit)
    organisations.end_mandate(by=make.office_officer(), mandate=ended)
    ended.refresh_from_db()
    assert office.is_participation_office
    roles = {
        "nobody": None,
        "citizen": make.acting(),
        "author": make.acting(carrier.person),
        "supporter": supporter,
        "carrier": carrier,
        "head of an organisation": make.head_of(make.organisation()),
        "officer": make.officer(unit),
        "officer above": make.officer(above),
        "officer elsewhere": make.officer(elsewhere),
        "office": make.office_officer(),
        "mandate ended": make.under(ended),
        "somebody else's mandate": make.acting(mandate=make.mandate(unit)),
        "house": RULES,
    }
    other = make.demand(field=demand.field, place=demand.place)
    return World(roles, demand, other, elsewhere, colleague=make.mandate(unit))


def put(world: World, state: str) -> Demand:
    """The demand as it would stand in this state, with a deadline passed where the state has one."""
    waits = state in (State.RECEIVED, State.ADMITTED)
    Merge.objects.filter(source=world.demand).delete()
    Demand.objects.filter(pk=world.demand.pk).update(
        state=state,
        merged_into=world.other if state == State.MERGED else None,
        deadline=clock.today() - timedelta(days=1) if waits else None,
        clock_kind="triage" if waits else "",
        ended_at=clock.now() if state in Demand.ENDED else None,
        outcome="kept" if state == State.CLOSED else "none",
    )
    if state == State.MERGED:
        Merge.objects.create(source=world.demand, target=world.other, former_state=State.ADMITTED)
    return Demand.objects.select_related("unit", "on_behalf", "state_by").get(pk=world.demand.pk)


def at_its_time(verb: str, world: World, demand: Demand) -> Demand:
    """The demand when the time of a verb that waits for its time has come."""
    if verb == "remind" and demand.deadline:
        demand.deadline = clock.today()
    if verb == "escalate" and demand.deadline:
        demand.deadline = charter.day_before("clocks.escalate_after", clock.today()) - timedelta(days=1)
        demand.overdue_noted_at = clock.now()
    if verb in ("ask_author", "confirm_done", "deny_done") and demand.ended_at:
        day = charter.day_before("clocks.ask_author_after", clock.today())
        demand.ended_at = clock.now() - (clock.today() - day)
        demand.author_asked_at = None if verb == "ask_author" else clock.now()
    if verb == "tell_more":
        Question.objects.get_or_create(demand=demand, unit=demand.unit, text="کدام کوچه؟")
        demand.question_since = clock.now()
    if verb == "give_back":
        demand.handler = world.colleague
    demand.save()
    return demand


Doing = Callable[[Any, World, Demand], object]
DO: dict[str, Doing] = {
    "decline": lambda by, _w, d: commands.decline(by=by, demand=d, reason_code="unclear", reason="روشن نیست"),
    "appeal": lambda by, _w, d: commands.appeal(by=by, demand=d, words="روشن است"),
    "route": lambda by, w, d: commands.route(by=by, demand=d, unit=w.unit, reason="کار آن اداره است"),
    "hand_over": lambda by, w, d: commands.hand_over(by=by, demand=d, to=w.colleague),
    "ask_back": lambda by, _w, d: commands.ask_back(by=by, demand=d, text="کدام کوچه؟"),
    "tell_more": lambda by, _w, d: commands.tell_more(by=by, demand=d, text="کوچهٔ سوم"),
    "note": lambda by, _w, d: commands.note(by=by, demand=d, text="با همسایه هم حرف زدم"),
    "look": lambda by, _w, d: commands.look(by=by, demand=d, reason_code="find_place"),
    "merge": lambda by, w, d: commands.merge(by=by, demand=d, into=w.other),
    "unmerge": lambda by, _w, d: commands.unmerge(by=by, demand=d, reason="یکی نیست"),
    "comment": lambda by, _w, d: commands.comment(by=by, demand=d, text="دیدگاه"),
    "explain": lambda by, _w, d: commands.explain(by=by, demand=d, text="در دست بررسی است"),
    "refuse": lambda by, _w, d: commands.refuse(by=by, demand=d, reason_code="against_law", reason="منع قانونی"),
    "find_not_doable": lambda by, _w, d: commands.find_not_doable(
        by=by, demand=d, reason_code="no_budget", reason="بودجه نیست"
    ),
    "mark_answered": lambda by, _w, d: commands.mark_answered(by=by, demand=d, commitment="c1"),
    "close": lambda by, _w, d: commands.close(by=by, demand=d, outcome="kept", review="r1"),
    "go_back": lambda by, _w, d: commands.go_back(by=by, demand=d, cause="contested"),
    "look_again": lambda by, _w, d: commands.look_again(by=by, demand=d, review="r1"),
    "reopen": lambda by, _w, d: commands.reopen(by=by, demand=d, words="درست نشد"),
    "deny_done": lambda by, _w, d: commands.deny_done(by=by, demand=d, words="نیمه‌کاره ماند"),
}


def plain(verb: str) -> Doing:
    return lambda by, _w, d: getattr(commands, verb)(by=by, demand=d)


def hints(verb: str, by: Any, demand: Demand) -> dict[str, Any]:
    """What a page knows and hands to the policy."""
    person = getattr(by, "person", None)
    supports = Support.objects.filter(demand=demand, person=person).exists()
    follows = Follow.objects.filter(demand=demand, person=person).exists()
    return {
        "support": {"already": supports},
        "withdraw_support": {"supports": supports},
        "follow": {"already": follows},
        "unfollow": {"follows": follows},
        "call_for_reopening": {"supports": supports},
        "escalate": {"above": queries.unit_above(demand)},
    }.get(verb, {})


@pytest.mark.parametrize("verb", TABLE)
def test_the_table_the_policy_and_the_command_agree(world: World, verb: str) -> None:
    who, states = TABLE[verb]
    do = DO.get(verb, plain(verb))
    policy = getattr(policies, POLICY.get(verb, f"may_{verb}"))
    for state in State:
        demand = at_its_time(verb, world, put(world, state))
        for role, by in world.roles.items():
            allowed = role in who and (state in states or role in READ_ALL.get(verb, set()))
            decision = policy(by, demand, **hints(verb, by, demand))
            assert bool(decision) == allowed, f"{verb} by {role} in {state}: {decision}"
            if by is None:
                continue
            before = Entry.objects.count()
            with transaction.atomic():
                if allowed:
                    do(by, world, demand)
                    assert Entry.objects.count() == before + 1
                else:
                    with pytest.raises(Refused) as refused:
                        do(by, world, demand)
                    assert str(refused.value.reason)
                    assert Entry.objects.count() == before
                transaction.set_rollback(True)


def test_every_command_on_a_demand_stands_in_the_table() -> None:
    elsewhere = {"submit", "PastDemand", "take_over", "made_safe", "add_field", "change_field", "set_route"}
    elsewhere |= {"Life", "write_lives"}  # tests/platform/test_seed.py
    elsewhere |= {"add_template", "change_template", "remove_template"}  # tests/demands/test_templates.py
    elsewhere |= {"forget_person"}  # tests/people/test_erasing.py
    assert set(commands.__all__) - elsewhere == set(TABLE)


def test_every_state_but_the_last_can_be_left_and_all_can_be_reached() -> None:
    assert Demand.LIFE.unreachable() == set()
    assert Demand.LIFE.ends == {State.WITHDRAWN}
    assert {str(state) for state in Demand.LIFE.states} == set(State.values)


@pytest.mark.parametrize("role", ["nobody", *sorted(PEOPLE | BODIES | OFFICERS), "mandate ended"])
def test_only_the_office_changes_fields_and_routes(world: World, role: str) -> None:
    by = world.roles[role]
    assert bool(policies.may_manage_fields(by)) == (role == "office")
    if by is not None and role != "office":
        for change in (
            lambda: commands.add_field(by=by, code="x", name="تازه"),
            lambda: commands.change_field(by=by, field=world.demand.field, name="دیگر"),
            lambda: commands.set_route(by=by, field=world.demand.field, place=world.demand.place, unit=world.unit),
        ):
            with pytest.raises(Refused):
                change()


@pytest.mark.parametrize("role", ["officer", "officer above", "officer elsewhere", "office"])
def test_officers_make_demands_in_their_own_name_only(world: World, role: str) -> None:
    by = world.roles[role]
    assert not policies.may_submit(by)
    assert policies.may_submit(make.acting(by.person))


def test_an_officer_does_not_decide_about_their_own_demand(world: World) -> None:
    by = world.roles["officer"]
    own = make.demand(make.acting(by.person), field=world.demand.field, place=world.demand.place)
    for verb in ("admit", "decline", "route", "merge"):
        assert not getattr(policies, f"may_{verb}")(by, own)
    assert policies.may_admit(world.roles["officer above"], own)
