"""Reviews as pages show them: the pool with its ties, the draw step by step, the panel, and verdicts once settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, QuerySet

from hamgara import charter, clock
from hamgara.algorithms.persian.text import key
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.commitments.queries import code_in, promisers
from hamgara.domain.demands.models import Demand
from hamgara.domain.demands.queries import with_words
from hamgara.domain.ledger.queries import Counted
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.organisations.queries import mandates_of
from hamgara.domain.oversight.models import AppealVoice, Bar, Monitor, Review, Seat, Verdict, VerdictFile
from hamgara.domain.oversight.queries.standing import JUDGING_ROLES
from hamgara.domain.people.models import Person

State = Review.State
SHOWING_VERDICTS = (State.SETTLED, State.APPEALED)
MOST_VOICES = 200
UNSHOWN = ("candidates", "certificate", "working")  # kilobytes that no row of a list shows
PLACES = {"commitment__demand__place": organisations.places}
# What a row of a list shows.
_OF_THE_REVIEW = tuple(each.name for each in Review._meta.concrete_fields if each.name not in UNSHOWN)
_OF_ITS_PROMISE = (
    *(f"commitment__{name}" for name in ("code", "title", "state")),
    *(f"commitment__demand__{name}" for name in ("code", "title", "state", "place_id", "field_id", "author_id")),
)


@dataclass(frozen=True)
class Bound:
    """One reason why a candidate is not in the pool, in the reader's language."""

    label: str
    whom: str | None


@dataclass(frozen=True)
class Candidate:
    """An organisation or a monitor as it stood at the opening. `place` is its place in the order of the lot, from 1."""

    id: str
    kind: str
    name: str
    code: str
    bars: tuple[Bound, ...]
    ticket: str
    place: int | None

    @property
    def in_pool(self) -> bool:
        return not self.bars


@dataclass(frozen=True)
class Detail:
    """A review with what belongs to it. Verdicts are in it only when they are public."""

    review: Review

    @cached_property
    def seats(self) -> list[Seat]:
        """The panel with those who stepped back or were absent, in the order in which the lot called them."""
        return list(
            self.review.seats.select_related(
                "organisation", "monitor", "replaced_by__organisation", "replaced_by__monitor"
            )
        )

    @property
    def shows_verdicts(self) -> bool:
        return self.review.state in SHOWING_VERDICTS

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """What was found, in the order of the lot; empty until the review is settled, so that nobody copies."""
        if not self.shows_verdicts:
            return []
        found = Verdict.objects.filter(seat__review=self.review).order_by("seat__position")
        files = Prefetch("files", VerdictFile.objects.select_related("hiding__unit"))
        return list(found.select_related("seat__organisation", "seat__monitor").prefetch_related(files))

    @cached_property
    def _names(self) -> dict[str, str]:
        codes: dict[str, set[str]] = {"organisation": set(), "monitor": set()}
        told = [each["id"] for each in self.review.candidates]
        told += [tie["whom"] for each in self.review.candidates for tie in each["ties"] if tie["whom"]]
        for one in told:
            kind, _colon, code = one.partition(":")
            codes.setdefault(kind, set()).add(code)
        names = {each.subject: each.label for each in Organisation.objects.filter(code__in=codes["organisation"])}
        if codes["monitor"]:
            names |= {each.subject: each.known_as for each in Monitor.objects.filter(code__in=codes["monitor"])}
        return names

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Those in the pool first, as the lot put them or else by name; then those who are tied, with the reasons."""
        certificate = self.review.certificate or {}
        tickets = {candidate: ticket for ticket, candidate in certificate.get("tickets", [])}
        places = {candidate: n for n, candidate in enumerate(self.review.order, start=1)}
        found = [
            Candidate(
                id=each["id"],
                kind=each["kind"],
                code=each["id"].partition(":")[2],
                name=self._names.get(each["id"], each["id"]),
                bars=tuple(
                    Bound(
                        str(Bar(tie["reason"]).label),
                        self._names.get(tie["whom"], tie["whom"]) if tie["whom"] else None,
                    )
                    for tie in each["ties"]
                ),
                ticket=tickets.get(each["id"], ""),
                place=places.get(each["id"]),
            )
            for each in self.review.candidates
        ]
        return sorted(found, key=lambda each: (bool(each.bars), each.place or 0, each.name))

    @property
    def pool(self) -> list[Candidate]:
        return [each for each in self.candidates if each.in_pool]

    @property
    def tied(self) -> list[Candidate]:
        return [each for each in self.candidates if not each.in_pool]

    @cached_property
    def appeal(self) -> Review | None:
        """The review that an appeal against this one led to."""
        if self.review.state != State.APPEALED:
            return None
        return self.review.appeals.order_by("-round").first()

    @cached_property
    def voices(self) -> list[AppealVoice]:
        """Who contests the outcome, on what ground and why; for the panel that looks again, the outcome before it."""
        contested = self.review.appeal_of or self.review
        if contested.state not in SHOWING_VERDICTS:
            return []
        return list(contested.appeal_voices.order_by("at", "pk")[:MOST_VOICES])

    @property
    def appeal_voices(self) -> int:
        """How many supporters appeal, together with the others."""
        return 0 if self.review.appeal_of else sum(each.ground == "supporters" for each in self.voices)

    @property
    def appeal_until(self) -> Any:
        """The last day on which an appeal is possible; None where there is none."""
        if self.review.settled_at is None or self.review.appeal_of_id is not None:
            return None
        return clock.day_of(self.review.settled_at + charter.period("oversight.appeal_within"))

    @property
    def certificate(self) -> dict[str, Any] | None:
        """What `hamgara draw --recheck` reads; None before the draw."""
        return self.review.certificate


def listed(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """`reviews` with what a row of a list shows: two queries, however many rows."""
    found = reviews.select_related("commitment__demand").only(*_OF_THE_REVIEW, *_OF_ITS_PROMISE)
    return organisations.naming(found, **PLACES).prefetch_related(promisers("commitment__promisers"))


def for_a_file(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """A list, with all that the public may take away of each."""
    return reviews.annotate(appeal_of_code=F("appeal_of__code"))


def by_code(code: str) -> Review | None:
    """The review with its commitment and demand."""
    return (
        Review.objects.filter(code=code)
        .select_related(
            "commitment__demand__place", "commitment__demand__field", "commitment__demand__on_behalf", "appeal_of"
        )
        .prefetch_related(promisers("commitment__promisers"), "commitment__indicators")
        .first()
    )


def detail(review: Review) -> Detail:
    return Detail(review)


def listing(
    *, states: Sequence[str] = (), outcome: str = "", words: str = "", organisation: Organisation | None = None
) -> QuerySet[Review]:
    """The reviews asked for, newest first; `organisation` is one that was called to the panel."""
    found = Review.objects.all()
    if states:
        found = found.filter(state__in=list(states))
    if outcome:
        found = found.filter(outcome=outcome)
    if organisation is not None:
        found = found.filter(seats__organisation=organisation)
    if (code := code_in(words)) is not None:
        return listed(found.filter(code__startswith=code).order_by("-begun_at", "-pk"))
    if key(words):
        found = found.filter(commitment__in=with_words(Commitment.objects.order_by(), words).values("pk"))
    return listed(found.order_by("-begun_at", "-pk"))


# What readers ask alike is counted once for all of them, until something happens to a review.
_counts: Counted[int] = Counted("oversight.")
_figures: Counted[Figures] = Counted("oversight.")


def counted(*, states: Sequence[str] = (), outcome: str = "", words: str = "") -> int | None:
    """How many reviews are asked for; None for what hardly two readers ask alike."""
    if words:
        return None
    return _counts.once((tuple(states), outcome), lambda: listing(states=states, outcome=outcome).count())


def of_commitment(commitment: Commitment) -> QuerySet[Review]:
    """Every round of examination of a claim, the first one first."""
    return commitment.reviews.order_by("round")


def of_demand(demand: Demand) -> QuerySet[Review]:
    """Every review of a promise on this demand."""
    return listed(Review.objects.filter(commitment__demand=demand).order_by("begun_at", "pk"))


def _judging_for(person: Person) -> list[int]:
    """The bodies for which this person may judge today."""
    return [each.organisation_id for each in organisations.held_by(person) if each.role in JUDGING_ROLES]


def seats_of(person: Person, **narrowed: object) -> QuerySet[Seat]:
    """Every seat that this person may act for today: under a mandate, or as a monitor."""
    # Two ways, each by an index of its own: for «one or the other», the database would look at every seat there is.
    seats = Seat.objects.order_by().filter(**narrowed).values("pk")
    of_bodies = seats.filter(organisation__in=_judging_for(person))
    as_monitor = seats.filter(monitor__in=Monitor.objects.filter(person=person))
    return Seat.objects.filter(pk__in=of_bodies.union(as_monitor, all=True))


def shown(seats: QuerySet[Seat]) -> QuerySet[Seat]:
    """`seats` with what a row of a list shows."""
    of_seat = ("key", "candidate", "organisation_id", "state", "position", "called_at", "due")
    of_review = ("code", "state", *_OF_ITS_PROMISE)
    found = seats.select_related("monitor", "review__commitment__demand").only(
        *of_seat, "monitor__code", "monitor__known_as", *(f"review__{name}" for name in of_review)
    )
    named = {f"review__{path}": known for path, known in PLACES.items()}
    return organisations.naming(found, organisation=organisations.bodies, **named)


def answered_for(person: Person) -> tuple[QuerySet[Organisation], QuerySet[Monitor]]:
    """For whom this person has a seat that waits no more: bodies they may judge for, and their own registrations.

    Asked from their side, of whom there are few: most people have none, and then no seat is looked at.
    """
    done = Seat.objects.order_by().exclude(state=Seat.State.CALLED)
    bodies = mandates_of(person).filter(role__in=JUDGING_ROLES).values("organisation")
    return (
        Organisation.objects.filter(Exists(done.filter(organisation=OuterRef("pk"))), pk__in=bodies),
        Monitor.objects.filter(Exists(done.filter(monitor=OuterRef("pk"))), person=person),
    )


def seats_to_do(person: Person) -> QuerySet[Seat]:
    """The seats that wait for this person's answer, the nearest date first."""
    waiting = seats_of(person, state=Seat.State.CALLED).filter(review__state=State.DRAWN)
    return shown(waiting.order_by("due", "pk"))


def seats_done(person: Person, most: int) -> QuerySet[Seat]:
    """The seats that they have answered last."""
    # A body has sat a thousand times: its last seats are told by an index, and what a row shows is read of those alone.
    done = Seat.objects.exclude(state=Seat.State.CALLED).order_by("-called_at", "-pk").values("pk")
    of_bodies = done.filter(organisation__in=_judging_for(person))[:most]
    as_monitor = done.filter(monitor__in=Monitor.objects.filter(person=person))[:most]
    last = Seat.objects.filter(pk__in=[each["pk"] for each in of_bodies.union(as_monitor, all=True)])
    return shown(last.order_by("-called_at", "-pk"))[:most]


def seat_by_key(key_of_seat: object) -> Seat | None:
    """A seat with its review and all that a reviewer has to look at."""
    return (
        Seat.objects.filter(key=key_of_seat)
        .select_related("organisation", "monitor__person", "review__commitment__demand")
        .defer(*(f"review__{name}" for name in UNSHOWN))
        .prefetch_related(promisers("review__commitment__promisers"))
        .first()
    )


def words_to_give(person: Person) -> QuerySet[Review]:
    """Draws that wait for the words of this person as the author of the demand."""
    return listed(Review.objects.filter(state=State.OPENED, commitment__demand__author=person).order_by("opened_at"))


def waiting() -> QuerySet[Review]:
    """Reviews for which there are too few candidates without a tie; the participation office finds more."""
    return listed(Review.objects.filter(state=State.WAITING).order_by("begun_at"))


def undisturbed_draws() -> QuerySet[Review]:
    """Draws in which the author's time alone has passed, and nobody else has been told."""
    return Review.objects.filter(
        state=State.OPENED,
        words_called_at=None,
        opened_at__lte=clock.now() - charter.period("oversight.words_of_author_alone"),
    )


def absent_seats() -> QuerySet[Seat]:
    """Seats whose time to answer has passed."""
    return Seat.objects.filter(state=Seat.State.CALLED, review__state=State.DRAWN, due__lt=clock.today()).order_by("pk")


def seats_nearly_due() -> QuerySet[Seat]:
    """Seats to be reminded."""
    today = clock.today()
    return Seat.objects.filter(
        state=Seat.State.CALLED,
        review__state=State.DRAWN,
        reminded_at=None,
        due__range=(today, today + charter.period("oversight.reminder_before")),
    ).order_by("pk")


def monitors_registered() -> QuerySet[Monitor]:
    """Every registration, the standing ones first."""
    return Monitor.objects.select_related("person").order_by("-ended_at", "-since")


@dataclass(frozen=True)
class Figures:
    """How oversight itself works: what was examined, what came out, how reviewers answered."""

    waiting: int
    opened: int
    drawn: int
    settled: int
    confirmed: int
    partly_kept: int
    contested: int
    appeals: int
    called: int
    answered: int
    recused: int
    absent: int


def figures(organisation: Organisation | None = None) -> Figures:
    """The counts of all reviews; of those to which `organisation` was called, if one is named."""
    return _figures.once(organisation, lambda: _counted_anew(organisation))


def _counted_anew(organisation: Organisation | None) -> Figures:
    seats = Seat.objects.order_by()
    if organisation is None:
        of_reviews = list(Review.objects.order_by().values("state", "outcome").annotate(n=Count("*")))
        of_seats = Counter(dict(seats.values_list("state").annotate(n=Count("*"))))
    else:  # it sits once on a panel, so that no review is counted twice
        rows = seats.filter(organisation=organisation).values_list("state", "review__state", "review__outcome")
        sat = list(rows.annotate(n=Count("*")))
        of_reviews = [{"state": state, "outcome": outcome, "n": n} for _seat, state, outcome, n in sat]
        of_seats = sum((Counter({seat: n}) for seat, _state, _outcome, n in sat), Counter())

    def count(state: State, outcome: str | None = None) -> int:
        return sum(row["n"] for row in of_reviews if row["state"] == state and outcome in (None, row["outcome"]))

    return Figures(
        waiting=count(State.WAITING),
        opened=count(State.OPENED),
        drawn=count(State.DRAWN),
        settled=count(State.SETTLED),
        confirmed=count(State.SETTLED, "confirmed"),
        partly_kept=count(State.SETTLED, "partly_kept"),
        contested=count(State.SETTLED, "contested"),
        appeals=count(State.APPEALED),
        called=sum(of_seats.values()),
        answered=of_seats.get(Seat.State.ANSWERED, 0),
        recused=of_seats.get(Seat.State.RECUSED, 0),
        absent=of_seats.get(Seat.State.ABSENT, 0),
    )
