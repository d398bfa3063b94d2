"""People report and appeal; the office hides, leaves and restores."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.domain.demands.commands.rows import words
from hamgara.domain.demands.models import Demand, Hiding
from hamgara.domain.ledger.commands import Invalid, command, record, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.moderation import events, policies, queries
from hamgara.domain.moderation.commands.sealing import give_back, let_go, take_away
from hamgara.domain.moderation.models import REASONS, Case, Report, Ruling
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.people.models import Person
from hamgara.domain.people.policies import may_forget_person

LONGEST = "moderation.words_length"
OTHER = "other"


def _locked(case: Case) -> Case:
    """The case as it is now. Its demand is held, so that all acts on what stands under it come one after the other."""
    Demand.objects.select_for_update(of=("self",)).get(pk=case.demand_id)
    found = queries.case_of(case.code)
    assert found is not None
    return found


def about(case: Case) -> dict[str, Any]:
    return {
        "case": case.code,
        "thing": case.kind,
        "demand": case.demand.code,
        "commitment": None if case.commitment is None else case.commitment.code,
        "review": None if case.review is None else case.review.code,
    }


def _reasoned(reason: str, typed: str) -> str:
    """A reason of the charter, and the words beside it, which «other» needs."""
    problems: dict[str, str] = {}
    said = words(problems, "words", typed, LONGEST)
    if reason not in charter.choices(REASONS):
        problems["reason"] = _("Choose one of the charter's reasons.")
    elif reason == OTHER and not said:
        problems["words"] = _("Say in a few words what the matter is.")
    if problems:
        raise Invalid(problems)
    return said


def _said(typed: str, missing: str) -> str:
    problems: dict[str, str] = {}
    said = words(problems, "words", typed, LONGEST)
    if not said:
        problems["words"] = missing
    if problems:
        raise Invalid(problems)
    return said


def ruled(
    case: Case, verb: str, by: Actor, said: str, *, at: datetime, reason: str = ""
) -> tuple[Ruling, dict[str, Any]]:
    """Move the case by a verb of its life: who decided, to be kept, and what the event says of it."""
    assert isinstance(by, ActingPerson)
    assert by.organisation is not None
    since, reports = case.since, case.reports
    case.state = Case.LIFE.after(Case.State(case.state), verb)
    case.since, case.reports = None, 0
    case.reminded_at = case.overdue_noted_at = None
    ruling = Ruling(
        case=case, verb=verb, reason=reason, words=said, unit=by.organisation, by=by.person, since=since, at=at
    )
    waited = None if since is None else int((at - since).total_seconds())
    return ruling, about(case) | {"explanation": said, "reports": reports, "waited": waited}


def _rule(case: Case, verb: str, by: Actor, said: str, *, reason: str = "") -> dict[str, Any]:
    """The same, kept in the database; what the event says of it."""
    ruling, told = ruled(case, verb, by, said, at=clock.now(), reason=reason)
    case.save()
    ruling.save()
    return told


def _point_to(case: Case, hiding: Hiding | None) -> None:
    """Hide the thing itself, or show it again: pages, lists and files look at this column and at nothing else."""
    setattr(case.thing, case.hidden_by_field, hiding)
    if case.is_spoken:
        take_away(case) if hiding is not None else give_back(case)
    else:
        case.thing.save(update_fields=[case.hidden_by_field])


@command
def report(*, by: Actor, case: Case, reason: str, words: str = "") -> Case:
    """Tell the office that a thing is against the charter, and why; one report of each person counts."""
    case = _locked(case)
    person = by.person if isinstance(by, ActingPerson) else None
    already = person is not None and queries.has_reported(person, case)
    made_today = 0 if person is None else queries.reported_today(person)
    require(policies.may_report(by, case, already=already, made_today=made_today))
    said, now = _reasoned(reason, words), clock.now()
    case.state = Case.LIFE.after(Case.State(case.state), "report")
    case.since, case.reports = case.since or now, case.reports + 1
    case.save()
    Report.objects.create(case=case, person=person, reason=reason, words=said, at=now)
    record(events.Reported(**about(case), reason=reason, words=said), by=by)
    return case


@command
def hide(*, by: Actor, case: Case, reason: str, words: str = "") -> Case:
    """Take a thing out of sight, with a reason of the charter that stands in its place."""
    case = _locked(case)
    require(policies.may_hide(by, case))
    said = _reasoned(reason, words)
    assert isinstance(by, ActingPerson)
    told = _rule(case, "hide", by, said, reason=reason)
    _point_to(case, Hiding.objects.create(reason=reason, words=said, unit=by.organisation, at=clock.now()))
    record(events.Hidden(**told, reason=reason), by=by)
    return case


@command
def leave(*, by: Actor, case: Case, words: str) -> Case:
    """It was reported and looked at, and stays as it is."""
    case = _locked(case)
    require(policies.may_leave(by, case))
    said = _said(words, _("Give the reason in your own words; it is public."))
    record(events.Left(**_rule(case, "leave", by, said)), by=by)
    return case


@command
def restore(*, by: Actor, case: Case, words: str) -> Case:
    """Show again what was hidden by mistake, or for a reason that holds no more."""
    case = _locked(case)
    require(policies.may_restore(by, case))
    said = _said(words, _("Give the reason in your own words; it is public."))
    told = _rule(case, "restore", by, said)
    _point_to(case, None)
    record(events.Restored(**told), by=by)
    return case


@command
def appeal(*, by: Actor, case: Case, words: str) -> Case:
    """Ask, as whoever wrote or brought it, that another officer look at the hiding again."""
    case = _locked(case)
    require(policies.may_appeal(by, case))
    case.appeal_words = _said(words, _("Write why it should be shown."))
    case.state = Case.LIFE.after(Case.State(case.state), "appeal")
    case.since = clock.now()
    case.save()
    record(events.Appealed(**about(case), words=case.appeal_words), by=by)
    return case


@command
def destroy_words(*, by: Actor, case: Case) -> Case:
    """Keep hidden words that told of somebody no longer, and nothing that opens them; the entries stay valid."""
    case = _locked(case)
    require(policies.may_destroy_words(by, case))
    record(events.WordsDestroyed(**about(case), openings=let_go(case)), by=by)
    return case


@command
def remind(*, by: Actor, case: Case) -> Case:
    """Remind those who decide, once, that the charter's time is nearly over."""
    case = _locked(case)
    require(policies.may_remind(by, case))
    assert case.decide_until is not None
    case.reminded_at = clock.now()
    case.save(update_fields=["reminded_at"])
    record(events.DeadlineNear(**about(case), deadline=case.decide_until.isoformat()), by=by)
    return case


@command
def note_deadline(*, by: Actor, case: Case) -> Case:
    """Record, once, that the charter's time for a decision passed without one."""
    case = _locked(case)
    require(policies.may_note_deadline(by, case))
    assert case.decide_until is not None
    case.overdue_noted_at = clock.now()
    case.save(update_fields=["overdue_noted_at"])
    record(events.DeadlinePassed(**about(case), deadline=case.decide_until.isoformat()), by=by)
    return case


def _by_another(by: Actor, case: Case) -> bool:
    hid = queries.last_hid(case)
    return hid is None or not isinstance(by, ActingPerson) or hid.by_id != by.person.pk


@command
def grant_appeal(*, by: Actor, case: Case, words: str) -> Case:
    """The appeal is right: the thing is shown again."""
    case = _locked(case)
    require(policies.may_grant_appeal(by, case))
    said = _said(words, _("Give the reason in your own words; it is public."))
    told = _rule(case, "grant_appeal", by, said)
    _point_to(case, None)
    record(events.AppealGranted(**told, by_another=_by_another(by, case)), by=by)
    return case


@command
def dismiss_appeal(*, by: Actor, case: Case, words: str) -> Case:
    """The thing stays hidden; there is no further appeal."""
    case = _locked(case)
    require(policies.may_dismiss_appeal(by, case))
    said = _said(words, _("Give the reason in your own words; it is public."))
    told = _rule(case, "dismiss_appeal", by, said)
    record(events.AppealDismissed(**told, by_another=_by_another(by, case)), by=by)
    return case


@command
def forget_person(*, by: Actor, person: Person, erasure: str) -> None:
    """Let go of somebody who is being erased: their reports and decisions count on, without them and their words."""
    require(may_forget_person(by))
    theirs = (
        Q(comment__author=person)
        | Q(comment=None, evidence=None, finding=None, answer=None, progress=None, demand__author=person)
        | Q(progress__by=person)
        | Q(evidence__progress__by=person)
        | Q(finding__verdict__by=person)
    )
    Case.objects.filter(theirs).update(appeal_words="", kept_words="", sealed=[])
    Ruling.objects.filter(by=person).update(by=None)
    reports = Report.objects.filter(person=person).update(person=None, words="")
    record(events.PersonForgotten(erasure=erasure, reports=reports), by=by)
