"""What is promised, by whom, and how it stands. The promiser's claim and the verified outcome are never one number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import JSONObject

from hamgara import charter, clock
from hamgara.algorithms.persian.digits import to_ascii
from hamgara.domain.commitments.models import Commitment, DueChange, EvidenceFile, Part, Progress, Promiser
from hamgara.domain.demands.events import FieldChanged
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.demands.queries import Rate, fields, with_words
from hamgara.domain.demands.queries import page as page
from hamgara.domain.ledger.queries import Counted, Kept
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Organisation, Place
from hamgara.domain.organisations.queries import Register

State = Commitment.State
SORTS = ("new", "due", "reported")
# A proposal is not yet a promise, and one that was dropped never became one.
NOT_PROMISES = (State.PROPOSED, State.DROPPED)
OPEN = (State.PROMISED, State.UNDER_WAY)
NAMED = {"demand__field": fields, "demand__place": organisations.places, "demand__unit": organisations.bodies}
# What a row of a list shows; long words stay in the database.
LISTED = (
    *("code", "title", "state", "due", "created_at", "promised_at", "reported_at", "outcome", "settled_at", "ended_at"),
    *(f"demand__{name}" for name in ("code", "title", "state", "field_id", "place_id", "unit_id")),
)
IN_A_FILE = ("what", "budget_rial", "hours", "claim", "settled_by")
CODE = re.compile(r"(\d{4}-?\d{4})(-\d{1,3})?", re.ASCII)


def promisers(path: str = "promisers") -> Prefetch[str]:
    """The promisers with their bodies, fetched for many commitments in one query."""
    return Prefetch(path, organisations.naming(Promiser.objects.all(), organisation=organisations.bodies))


def listed(commitments: QuerySet[Commitment], *more: str) -> QuerySet[Commitment]:
    """`commitments` with what a row of a list shows, and `more` of their columns: two queries, however many rows."""
    with_demands = commitments.select_related("demand").only(*LISTED, *more)
    return organisations.naming(with_demands, **NAMED).prefetch_related(promisers())


def for_a_file(commitments: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """A list, with all that the public may take away of each."""
    return commitments.only(*LISTED, *IN_A_FILE)


def by_code(code: str) -> Commitment | None:
    """The commitment with its demand, its bodies and all that was said about it."""
    bodies = organisations.bodies
    commitments = Commitment.objects.filter(code=code).select_related("demand", "created_by")
    found = organisations.naming(commitments.annotate(_dates=_changed_dates()), **NAMED)
    commitment = found.prefetch_related(
        promisers(),
        *_reports(),
        Prefetch("parts", organisations.naming(Part.objects.all(), owner=bodies)),
    ).first()
    if commitment is not None:
        commitment.dates_before = [
            DateBefore(date.fromisoformat(each["old"]), date.fromisoformat(each["new"]), each["reason"])
            for each in commitment._dates
        ]
    return commitment


class DateBefore(NamedTuple):
    """A due date that stood before, the one that took its place, and why."""

    old: date
    new: date
    reason: str


def _changed_dates() -> ArraySubquery:
    """With the row itself: a page of a commitment asks for much already."""
    changes = DueChange.objects.filter(commitment=OuterRef("pk")).order_by("at", "pk")
    return ArraySubquery(changes.values(change=JSONObject(old="old", new="new", reason="reason")))


def _reports() -> tuple[str | Prefetch[str], ...]:
    """What was measured and said of a promise, with the files that support it."""
    return (
        "indicators",
        Prefetch("progress", organisations.naming(Progress.objects.all(), organisation=organisations.bodies)),
        Prefetch("progress__files", EvidenceFile.objects.select_related("hiding__unit")),
    )


def with_reports(commitment: Commitment) -> Commitment:
    """The same commitment, with what was said about it."""
    prefetch_related_objects([commitment], *_reports())
    return commitment


def of_demand(demand: Demand) -> QuerySet[Commitment]:
    """What was promised on a demand, oldest first."""
    return Commitment.objects.filter(demand=demand).order_by("created_at", "pk").prefetch_related(promisers())


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list is asked for. Empty values ask for nothing."""

    words: str = ""
    states: Sequence[str] = ()
    field: Field | None = None
    place: Place | None = None
    organisation: Organisation | None = None
    overdue: bool = False
    sort: str = "new"


def with_claims(demands: QuerySet[Demand]) -> QuerySet[Demand]:
    """Each demand with when its promisers last claimed it done, and, apart, what reviewers last found of a promise."""
    promises = Commitment.objects.filter(demand=OuterRef("pk"))
    found = promises.exclude(outcome="").order_by("-settled_at").values("settled_at")[:1]
    claimed = promises.exclude(reported_at=None).order_by("-reported_at").values("reported_at")[:1]
    return demands.annotate(
        claimed_at=Subquery(claimed),
        found_at=Subquery(found),
        last_found=Subquery(found.values("outcome")),
    )


def code_in(words: str) -> str | None:
    """The code that was typed, in any digits: a demand's «1234-5678» or a promise's «12345678-1»."""
    found = CODE.fullmatch(to_ascii(words).strip())
    return None if found is None else "".join(found[1].split("-")) + (found[2] or "")


def listing(wanted: Wanted) -> QuerySet[Commitment]:
    """The promises asked for, in the order asked for. What was never agreed on is shown only when it is asked for."""
    promised = Commitment.objects.exclude(state__in=NOT_PROMISES)
    found = Commitment.objects.filter(state__in=list(wanted.states)) if wanted.states else promised
    if (code := code_in(wanted.words)) is not None:
        found = found.filter(code__startswith=code)
    else:
        found = with_words(found, wanted.words)  # in the title of the promise or of its demand
    if wanted.field is not None:
        found = found.filter(demand__field__in=fields().keys_below(wanted.field.path))
    if wanted.place is not None:
        found = found.filter(demand__place__in=organisations.places().keys_below(wanted.place.path))
    if wanted.organisation is not None:
        found = found.filter(promised_by(wanted.organisation))
    if wanted.overdue:
        found = found.filter(_overdue())
    orders = {"due": ("due", "pk"), "reported": (F("reported_at").desc(nulls_last=True), "-pk")}
    return listed(found.order_by(*orders.get(wanted.sort, ("-created_at", "-pk"))))


def latest_claims() -> QuerySet[Commitment]:
    """What was reported done last and waits for reviewers, without who promised it."""
    return listing(Wanted(states=(State.REPORTED_DONE,), sort="reported")).prefetch_related(None)


# What readers ask alike is counted once for all of them, until something happens to a promise or to a body. Where a
# demand is, and of which field, does not change.
_KINDS = ("commitments.", "organisations.", FieldChanged.KIND)
_counts: Counted[int] = Counted(*_KINDS)
_figures: Counted[Figures] = Counted(*_KINDS)


def counted(wanted: Wanted) -> int | None:
    """How many promises are asked for; None for what hardly two readers ask alike."""
    if wanted.words:
        return None
    alike = replace(wanted, sort="new", states=tuple(wanted.states))
    return _counts.once((alike, clock.today()), lambda: listing(alike).count())


def _that_promised() -> Register[Organisation]:
    promised = Exists(Promiser.objects.filter(organisation=OuterRef("pk")))
    known = organisations.bodies().by_pk
    keys = Organisation.objects.filter(promised).order_by("name_sort").values_list("pk", flat=True)
    return Register.of(known[pk] for pk in keys if pk in known)


_promisers = Kept(_that_promised, "commitments.", "organisations.")


def who_promised() -> Register[Organisation]:
    """Every body that has ever promised anything, by name."""
    return _promisers.now()


def promised_by(organisation: Organisation) -> Q:
    """Promised by this body, alone or with others; for a unit also by the units below it."""
    theirs = Promiser.objects.filter(commitment=OuterRef("pk"))
    if organisation.is_unit:
        return Q(Exists(theirs.filter(organisation__in=organisations.bodies().keys_below(organisation.path))))
    return Q(Exists(theirs.filter(organisation=organisation)))


def _overdue() -> Q:
    return Q(state__in=OPEN, due__lt=clock.today())


def overdue() -> QuerySet[Commitment]:
    """What should have been done by now and is not reported done, the longest overdue first."""
    return listed(Commitment.objects.filter(_overdue()).order_by("due", "pk"))


def newly_overdue() -> QuerySet[Commitment]:
    """Overdue promises of whose date the record says nothing yet."""
    return Commitment.objects.filter(_overdue()).filter(Q(overdue_told=None) | ~Q(overdue_told=F("due")))


def nearly_due() -> QuerySet[Commitment]:
    """Promises whose date is near, and of which nobody was warned yet."""
    today = clock.today()
    near = Q(state__in=OPEN, due__range=(today, today + charter.period("commitments.due_warning")))
    return Commitment.objects.filter(near).filter(Q(warned_of=None) | ~Q(warned_of=F("due")))


def unanswered_proposals() -> QuerySet[Commitment]:
    """Proposals on which not everybody agreed in the charter's time."""
    return Commitment.objects.filter(
        state=State.PROPOSED, created_at__lte=clock.now() - charter.period("commitments.joining_lasts")
    )


def asked_to_join(organisation: Organisation) -> QuerySet[Commitment]:
    """Proposals that wait for this body's answer."""
    waiting = Promiser.objects.filter(commitment=OuterRef("pk"), organisation=organisation, joined_at=None)
    return listed(Commitment.objects.filter(Exists(waiting), state=State.PROPOSED).order_by("created_at"))


def to_do(organisation: Organisation) -> QuerySet[Commitment]:
    """What this body has to work on, the nearest date first."""
    owed = (*OPEN, State.CONTESTED)
    return listed(Commitment.objects.filter(promised_by(organisation), state__in=owed).order_by("due", "pk"))


@dataclass(frozen=True)
class Figures:
    """The counts of promises: `claimed` by promisers; `kept`, `partly` and `contested` as reviewers found."""

    promised: int
    live: int
    overdue: int
    claimed: int
    awaiting_review: int
    kept: int
    partly: int
    contested: int
    withdrawn: int

    @property
    def verified(self) -> int:
        """Claims on which reviewers have spoken, whatever they said."""
        return self.kept + self.partly + self.contested

    @property
    def kept_rate(self) -> Rate:
        """Of all that reviewers looked at: kept in full."""
        return Rate(self.kept, self.verified)


def figures(
    *, place: Place | None = None, field: Field | None = None, organisation: Organisation | None = None
) -> Figures:
    """The counts of the whole city, of a part of it, or of one body's record."""
    asked = (place, field, organisation, clock.today())
    return _figures.once(asked, lambda: _counted_anew(place, field, organisation))


def _counted_anew(place: Place | None, field: Field | None, organisation: Organisation | None) -> Figures:
    found = Commitment.objects.exclude(state__in=NOT_PROMISES)
    if place is not None:
        found = found.filter(demand__place__in=organisations.places().keys_below(place.path))
    if field is not None:
        found = found.filter(demand__field__in=fields().keys_below(field.path))
    if organisation is not None:
        found = found.filter(promised_by(organisation))

    # By state, and of nothing but what the index of states holds: many times as fast as reading every promise.
    groups = found.order_by().values("state")
    rows = groups.annotate(n=Count("*"), claimed=Count("reported_at"), overdue=Count("due", filter=_overdue()))
    by_state: dict[str, dict[str, int]] = {row["state"]: row for row in rows}

    def count(*states: State) -> int:
        return sum(by_state[state]["n"] for state in states if state in by_state)

    return Figures(
        promised=count(*State),
        live=count(*Commitment.LIVE),
        overdue=sum(row["overdue"] for row in by_state.values()),
        claimed=sum(row["claimed"] for row in by_state.values()),
        awaiting_review=count(State.REPORTED_DONE),
        kept=count(State.CONFIRMED),
        partly=count(State.PARTLY_KEPT),
        contested=count(State.CONTESTED),
        withdrawn=count(State.WITHDRAWN),
    )


def standing(demand: Demand) -> Demand:
    """The demand that now stands for this one: whatever it was merged into, however often."""
    seen = {demand.pk}
    while demand.merged_into_id is not None and demand.merged_into_id not in seen:
        seen.add(demand.merged_into_id)
        demand = Demand.objects.get(pk=demand.merged_into_id)
    return demand


def on_standing(demand: Demand) -> QuerySet[Commitment]:
    """Every promise on a demand and on those merged into it."""
    family, grown = {demand.pk}, True
    while grown:
        more = set(Demand.objects.filter(merged_into__in=family).values_list("pk", flat=True)) - family
        family, grown = family | more, bool(more)
    return Commitment.objects.filter(demand__in=family)


def ended_together(promises: QuerySet[Commitment], last: Commitment) -> list[Commitment]:
    """`last` and the promises that ended while it was alive: one answer of several bodies to one demand.

    What another body failed at before `last` was promised does not spoil what was done now.
    """
    verified = Q(state__in=Commitment.VERIFIED, settled_at__gte=last.promised_at)
    withdrawn = Q(state=State.WITHDRAWN, ended_at__gte=last.promised_at)
    return list(promises.filter(verified | withdrawn))
