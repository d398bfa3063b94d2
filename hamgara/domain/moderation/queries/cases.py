"""The case of a thing, the queue of the office, and what a decision rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case as When
from django.db.models import Exists, IntegerField, Prefetch, Q, QuerySet, Value
from django.db.models import When as Then

from hamgara import charter, clock
from hamgara.domain.commitments.models import EvidenceFile, Progress
from hamgara.domain.demands.models import Answer, Attachment, Comment, Demand
from hamgara.domain.moderation.models import Case, Report, Ruling
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.organisations.queries import GONE, holders
from hamgara.domain.oversight.models import VerdictFile
from hamgara.domain.oversight.queries import SHOWING_VERDICTS
from hamgara.domain.people.models import Person

Kind, State = Case.Kind, Case.State
PERSONAL = "personal_data"  # of the charter's reasons


@dataclass(frozen=True)
class _Shelf:
    """Where the things of one kind are: by what they are known, and what of them a case shows."""

    model: type[Any]
    known_by: str
    holder: str  # the column of the case
    demand: str  # the way to the demand
    also: tuple[str, ...]


_COMMENT = _Shelf(Comment, "key", "comment", "demand", ("author", "organisation", "hiding__unit", "name_hiding__unit"))
_SHELVES = {
    Kind.COMMENT: _COMMENT,
    Kind.COMMENT_NAME: _COMMENT,
    Kind.DEMAND_NAME: _Shelf(Demand, "code", "demand", "", ("name_hiding__unit",)),
    Kind.DEMAND_TITLE: _Shelf(Demand, "code", "demand", "", ("title_hiding__unit",)),
    Kind.DEMAND_TEXT: _Shelf(Demand, "code", "demand", "", ("text_hiding__unit",)),
    Kind.ANSWER: _Shelf(Answer, "pk", "answer", "demand", ("hiding__unit", "unit__parent")),
    Kind.PROGRESS: _Shelf(
        Progress, "pk", "progress", "commitment.demand", ("hiding__unit", "by", "organisation", "commitment")
    ),
    Kind.DEMAND_FILE: _Shelf(Attachment, "pk", "attachment", "demand", ("hiding__unit",)),
    Kind.EVIDENCE: _Shelf(
        EvidenceFile,
        "pk",
        "evidence",
        "progress.commitment.demand",
        ("hiding__unit", "progress__by", "progress__organisation", "progress__commitment"),
    ),
    Kind.FINDING: _Shelf(
        VerdictFile,
        "pk",
        "finding",
        "verdict.seat.review.commitment.demand",
        ("hiding__unit", "verdict__by", "verdict__seat__organisation", "verdict__seat__review__commitment"),
    ),
}


def _ways(shelf: _Shelf) -> list[str]:
    """What is fetched with a thing of this shelf, from its own table on."""
    to_demand = shelf.demand.replace(".", "__")
    about = [f"{to_demand}__{each}".strip("_") for each in ("unit", "author", "on_behalf")]
    return [*shelf.also, *about]


def listed() -> QuerySet[Case]:
    """Cases with what a page shows of them and a policy asks.

    Each kind of thing is fetched by a question of its own: in one with all of them joined, the database would think
    longer about how to answer than it answers.
    """
    with_them = {
        shelf.holder: Prefetch(shelf.holder, shelf.model.objects.select_related(*shelf.also))
        for shelf in _SHELVES.values()
        if shelf.model is not Demand
    }
    of_demands = [f"demand__{each}" for shelf in _SHELVES.values() if shelf.model is Demand for each in shelf.also]
    about = ["demand__unit", "demand__author", "demand__on_behalf"]
    return Case.objects.select_related(*about, *of_demands).prefetch_related(*with_them.values())


def case_of(code: str) -> Case | None:
    """The case of a thing, «comment.…» or «evidence.12»; not yet a row where nothing has happened."""
    kind, _dot, known_as = code.partition(".")
    if kind not in Kind.values:
        return None
    shelf = _SHELVES[Kind(kind)]
    try:
        thing = shelf.model.objects.select_related(*_ways(shelf)).filter(**{shelf.known_by: known_as}).first()
    except (ValueError, ValidationError):
        return None
    # Written otherwise, with other digits or capitals, it would be another case of the same thing.
    if thing is None or str(getattr(thing, shelf.known_by)) != known_as:
        return None
    demand = thing
    for step in filter(None, shelf.demand.split(".")):
        demand = getattr(demand, step)
    case = Case.objects.filter(code=code).first() or Case(code=code, kind=kind)
    # Both were fetched with all that pages and policies ask of them.
    case.demand = demand
    setattr(case, shelf.holder, thing)
    return case


def is_public(case: Case) -> bool:
    """Everybody sees the thing, or where it stood before it was hidden."""
    if case.demand.state in Demand.UNPUBLISHED:
        return False
    if case.kind == Kind.DEMAND_NAME:
        return case.demand.show_name
    if case.kind == Kind.COMMENT_NAME:
        return case.comment is not None and case.comment.show_name and case.comment.hiding is None
    if case.is_spoken:
        return bool(case.hiding or case.words.strip())
    return case.review is None or case.review.state in SHOWING_VERDICTS


def reported_today(person: Person) -> int:
    return Report.objects.filter(person=person, at__date=clock.today()).count()


def has_reported(person: Person, case: Case) -> bool:
    return case.pk is not None and case.given.filter(person=person).exists()


def office() -> Organisation | None:
    return Organisation.objects.select_related("parent").filter(is_participation_office=True).first()


def unit_above_office() -> Organisation | None:
    """Who decides about what concerns the office itself; None where the charter or the tree of units names nobody."""
    found = office()
    if found is None or not charter.rule("moderation.above_decides").value:
        return None
    return found.parent if found.parent is not None and found.parent.is_live else None


def last_hid(case: Case) -> Ruling | None:
    """The decision by which the thing was hidden."""
    return case.rulings.filter(verb=Ruling.Verb.HIDE).select_related("unit").order_by("at", "pk").last()


def another_decides(person: Person, unit: Organisation) -> bool:
    """Somebody else than this person can decide for the unit today."""
    return holders(unit).filter(role__in=("head", "officer")).exclude(person=person).exists()


_ABOUT_OFFICE = (
    Q(demand__unit__is_participation_office=True)
    | Q(comment__organisation__is_participation_office=True)
    | Q(evidence__progress__organisation__is_participation_office=True)
    | Q(progress__organisation__is_participation_office=True)
    | Q(answer__unit__is_participation_office=True)
)


def _above_lives() -> Q:
    """There is a unit above the office, and the charter lets it decide; asked within the question itself."""
    if not charter.rule("moderation.above_decides").value:
        return Q(pk__in=[])
    offices = Organisation.objects.filter(is_participation_office=True, parent__isnull=False)
    return Q(Exists(offices.exclude(parent__state__in=GONE)))


def queue(unit: Organisation) -> QuerySet[Case]:
    """What awaits a decision of this unit: appeals first, then the most reported, the longest waiting before others."""
    found, for_above = listed().filter(state__in=Case.TO_DECIDE), _ABOUT_OFFICE & _above_lives()
    if unit.is_participation_office:
        found = found.exclude(for_above)
    else:
        office_below = Organisation.objects.filter(is_participation_office=True, parent=unit)
        found = found.filter(for_above, Exists(office_below))
    first = When(Then(state=State.APPEALED, then=Value(0)), default=Value(1), output_field=IntegerField())
    return found.prefetch_related("given").order_by(first, "-reports", "since", "pk")


def overdue() -> list[Case]:
    """What awaits a decision beyond the charter's time, the longest waiting first."""
    return [case for case in _in_turn() if case.is_overdue]


def newly_overdue() -> list[Case]:
    """The same, of which the record says nothing yet."""
    return [case for case in _in_turn().filter(overdue_noted_at=None) if case.is_overdue]


def nearly_due() -> list[Case]:
    """What must soon be decided, and nobody has been reminded."""
    near = charter.day_after("clocks.remind_before", clock.today())
    found = _in_turn().filter(reminded_at=None)
    return [case for case in found if case.decide_until is not None and clock.today() <= case.decide_until <= near]


def _in_turn() -> QuerySet[Case]:
    return Case.objects.filter(since__isnull=False).order_by("since", "pk")


def deciding(case: Case) -> Organisation | None:
    """The unit that decides about it: the participation office, or the one above it for what concerns the office."""
    return (unit_above_office() if case.concerns_office else None) or office()


def awaiting(case: Case) -> list[Report]:
    """The reports that the next decision answers."""
    if case.pk is None or case.since is None:
        return []
    return [each for each in case.given.all() if each.at >= case.since]


def to_destroy() -> list[Case]:
    """Hidden words that tell of somebody, about which nobody can appeal any more: they are kept for nobody."""
    found = Case.objects.filter(kind__in=list(Case.TAKEN), state__in=(State.HIDDEN, State.FINAL)).exclude(kept_words="")
    cases = (case_of(each.code) for each in found.order_by("pk"))
    return [case for case in cases if case is not None and is_over(case)]


def is_over(case: Case) -> bool:
    """Its words were hidden because they tell personal things, and the time for an appeal has passed."""
    if case.hiding is None or case.hiding.reason != PERSONAL or not case.kept_words:
        return False
    until = case.appeal_until
    return case.state == State.FINAL or (until is not None and until < clock.today())


def hidden_now() -> QuerySet[Case]:
    """What is hidden, the latest first, so that the office can correct itself."""
    return listed().filter(state__in=Case.OUT_OF_SIGHT).order_by("-pk")
