"""Every command of moderation, by every role, in every state: the table, its policy and the command say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction

from hamgara import charter, clock
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import Hiding
from hamgara.domain.ledger.commands import Refused
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.models import Entry
from hamgara.domain.moderation import commands, policies, queries
from hamgara.domain.moderation.models import Case, Report, Ruling
from hamgara.domain.organisations import commands as organisations
from tests import factories as make
from tests.moderation import reporting

pytestmark = pytest.mark.django_db

State = Case.State
EVERY_ROLE = {
    "citizen",
    "author",
    "author of the demand",
    "reporter",
    "head of an organisation",
    "office",
    "office that hid it",
    "office and reporter",
    "officer of the unit",
    "officer above the office",
    "mandate ended",
    "house",
}
DECIDERS = {"office", "office that hid it"}
SEEN = {State.QUIET, State.WAITING, State.LEFT, State.RESTORED}

# verb: (who, in which states)
TABLE: dict[str, tuple[set[str], set[str]]] = {
    "report": ({"citizen", "author of the demand"}, SEEN),
    "hide": (DECIDERS, SEEN),
    "leave": (DECIDERS, {State.WAITING}),
    "restore": (DECIDERS, {State.HIDDEN, State.FINAL}),
    "appeal": ({"author"}, {State.HIDDEN}),
    "grant_appeal": ({"office"}, {State.APPEALED}),
    "dismiss_appeal": ({"office"}, {State.APPEALED}),
    "remind": ({"house"}, set(Case.TO_DECIDE)),
    "note_deadline": ({"house"}, set(Case.TO_DECIDE)),
}
# Since how long the calendar's verbs find a case waiting.
WAITED: dict[str, Callable[[], timedelta]] = {
    "remind": lambda: clock.today() - charter.day_before("clocks.remind_before", clock.today()),
    "note_deadline": lambda: timedelta(days=15),
}
DO: dict[str, Callable[[Any, Case], object]] = {
    "report": lambda by, case: commands.report(by=by, case=case, reason="insult"),
    "hide": lambda by, case: commands.hide(by=by, case=case, reason="insult"),
    "remind": lambda by, case: commands.remind(by=by, case=case),
    "note_deadline": lambda by, case: commands.note_deadline(by=by, case=case),
}


@dataclass
class World:
    roles: dict[str, Any]
    case: Case
    hider: Any


@pytest.fixture
def world() -> World:
    """A comment under a demand that is with another unit than the office; the office has a unit above it."""
    above = make.unit("معاونت")
    office = make.unit("دبیرخانهٔ مشارکت", code="office", is_participation_office=True, parent=above)
    unit = make.unit("ادارهٔ فرهنگی")
    asking, author = make.acting(), make.acting()
    demand = make.demand(asking, unit=unit)
    comment = demands.comment(by=author, demand=demand, text="سخنی تند", show_name=True)
    ended = make.mandate(office)
    organisations.end_mandate(by=make.office_officer(), mandate=ended)
    ended.refresh_from_db()
    hider, reporting_officer, reporter = make.office_officer(), make.office_officer(), make.acting()
    case = reporting.case_of(comment)
    for each in (reporter, make.acting(reporting_officer.person)):
        commands.report(by=each, case=case, reason="insult")
    roles = {
        "nobody": None,
        "citizen": make.acting(),
        "author": author,
        "author of the demand": asking,
        "reporter": reporter,
        "head of an organisation": make.head_of(make.organisation()),
        "office": make.office_officer(),
        "office that hid it": hider,
        "office and reporter": reporting_officer,
        "officer of the unit": make.officer(unit),
        "officer above the office": make.officer(above),
        "mandate ended": make.under(ended),
        "house": RULES,
    }
    return World(roles, reporting.case_of(comment), hider)


def put(world: World, state: str, waited: timedelta = timedelta()) -> Case:
    """The case as it would stand in this state."""
    waits = state in Case.TO_DECIDE
    hidden = state in Case.OUT_OF_SIGHT
    case = world.case
    hiding = Hiding.objects.create(reason="insult", unit=make.office()) if hidden else None
    type(case.thing).objects.filter(pk=case.thing.pk).update(hiding=hiding)
    Ruling.objects.filter(case=case).delete()
    if hidden:
        Ruling.objects.create(
            case=case, verb="hide", reason="insult", unit=make.office(), by=world.hider.person, at=clock.now()
        )
    Case.objects.filter(pk=case.pk).update(
        state=state, since=clock.now() - waited if waits else None, reports=2 if state == State.WAITING else 0
    )
    found = queries.case_of(case.code)
    assert found is not None
    return found


def hints(verb: str, by: Any, case: Case) -> dict[str, Any]:
    """What a page knows and hands to the policy."""
    if verb != "report" or by is None or by is RULES:
        return {}
    return {"already": queries.has_reported(by.person, case)}


@pytest.mark.parametrize("verb", TABLE)
def test_the_table_the_policy_and_the_command_agree(world: World, verb: str) -> None:
    who, states = TABLE[verb]
    do = DO.get(verb) or (lambda by, case: getattr(commands, verb)(by=by, case=case, words="چون چنین است"))
    for state in State:
        case = put(world, state, WAITED.get(verb, timedelta)())
        for role, by in world.roles.items():
            allowed = role in who and state in states
            decision = getattr(policies, f"may_{verb}")(by, case, **hints(verb, by, case))
            assert bool(decision) == allowed, f"{verb} by {role} in {state}: {decision}"
            if by is None:
                continue
            before = Entry.objects.count()
            with transaction.atomic():
                if allowed:
                    do(by, case)
                    assert Entry.objects.count() == before + 1
                else:
                    with pytest.raises(Refused) as refused:
                        do(by, case)
                    assert str(refused.value.reason)
                    assert Entry.objects.count() == before
                transaction.set_rollback(True)


def test_every_command_of_moderation_stands_in_the_table(world: World) -> None:
    verbs = {name for name, each in vars(commands).items() if getattr(each, "is_command", False)}
    # tests/people/test_erasing.py, tests/platform/test_seed.py, test_hidden_words.py
    elsewhere = {"forget_person", "write_cases", "destroy_words"}
    assert verbs - elsewhere == set(TABLE)
    assert set(world.roles) == EVERY_ROLE | {"nobody"}


@pytest.mark.parametrize("verb", ["hide", "leave"])
def test_the_unit_above_decides_about_what_the_office_said_or_has_to_do(world: World, verb: str) -> None:
    office, above = world.roles["office"], world.roles["officer above the office"]
    said = demands.comment(by=world.hider, demand=world.case.demand, text="سخن رسمی دبیرخانه")
    complaint = demands.comment(by=make.acting(), demand=make.demand(unit=make.office()), text="دبیرخانه پاسخ نمی‌دهد")
    for comment in (said, complaint):
        case = reporting.reported(comment)
        assert not getattr(policies, f"may_{verb}")(office, case)
        assert getattr(policies, f"may_{verb}")(above, case)


def test_without_a_unit_above_the_office_decides_about_itself_too() -> None:
    make.office()
    complaint = demands.comment(by=make.acting(), demand=make.demand(), text="دبیرخانه پاسخ نمی‌دهد")
    assert policies.may_hide(make.office_officer(), reporting.reported(complaint))


def test_one_alone_in_the_office_decides_about_the_appeal_too() -> None:
    author = make.acting()
    case = reporting.case_of(demands.comment(by=author, demand=make.demand(unit=make.unit()), text="سخن"))
    alone = make.office_officer()
    commands.hide(by=alone, case=case, reason="spam")
    commands.appeal(by=author, case=case, words="تبلیغ نیست")
    assert policies.may_grant_appeal(alone, reporting.now(case))
    other = make.office_officer()
    assert not policies.may_grant_appeal(alone, reporting.now(case))
    assert policies.may_grant_appeal(other, reporting.now(case))


def test_a_body_appeals_for_what_its_people_said_in_its_name() -> None:
    body = make.organisation()
    speaker = make.head_of(body)
    case = reporting.case_of(demands.comment(by=speaker, demand=make.demand(unit=make.unit()), text="سخن انجمن"))
    commands.hide(by=make.office_officer(), case=case, reason="spam")
    colleague = make.under(make.mandate(body, role="representative"))
    assert policies.may_appeal(colleague, reporting.now(case))
    assert not policies.may_appeal(make.acting(colleague.person), reporting.now(case))


def test_reports_keep_no_more_of_the_person_than_counting_needs(world: World) -> None:
    assert Report.objects.filter(case=world.case).count() == 2
    for entry in Entry.objects.filter(kind="moderation.reported"):
        assert set(entry.body["by"]["person"]) == {"commitment"}
        assert entry.body["by"]["body"] is None


def test_changing_who_decides_in_the_charter_changes_who_decides(tmp_path: Path) -> None:
    above = make.unit("معاونت")
    office = make.unit("دبیرخانهٔ مشارکت", code="office", is_participation_office=True, parent=above)
    author = make.acting()
    case = reporting.reported(demands.comment(by=author, demand=make.demand(), text="دبیرخانه پاسخ نمی‌دهد"))
    officer, other = make.office_officer(), make.officer(above)
    assert (list(queries.queue(office)), list(queries.queue(above))) == ([], [case])
    assert not policies.may_hide(officer, case)
    assert policies.may_see_queue(other)
    rules = yaml.safe_load((charter.FOLDER / "rules.yaml").read_text(encoding="utf-8"))
    rules["moderation"]["rules"]["above_decides"]["value"] = False
    rules["moderation"]["rules"]["another_decides"]["value"] = False
    changed = tmp_path / "rules.yaml"
    changed.write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
    with charter.reading_from(changed):
        assert policies.may_hide(officer, case)
        assert not policies.may_hide(other, case)
        assert not policies.may_see_queue(other)
        assert (list(queries.queue(office)), list(queries.queue(above))) == ([case], [])
        commands.hide(by=officer, case=case, reason="insult")
        commands.appeal(by=author, case=reporting.now(case), words="توهین نیست")
        make.office_officer()
        assert policies.may_grant_appeal(officer, reporting.now(case))
