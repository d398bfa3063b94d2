"""A demand: what somebody asks of the city, where, of whom, and how far it has come."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hamgara import charter, clock
from hamgara.algorithms import tracking
from hamgara.algorithms.lifecycle import Lifecycle
from hamgara.algorithms.persian.text import key
from hamgara.domain.demands.models.fields import Field
from hamgara.domain.organisations.models import Mandate, Organisation, Place
from hamgara.domain.people.models import Person

_PUBLISHED = ~Q(state__in=("declined", "withdrawn"))


def new_code() -> str:
    """A tracking code that nobody can guess from another one."""
    return tracking.with_check_digit(secrets.randbelow(10 ** (tracking.LENGTH - 1)))


class Demand(models.Model):
    """Something that people ask of their city."""

    class Kind(models.TextChoices):
        REQUEST = "request", _("request")
        COMPLAINT = "complaint", _("complaint")
        REPORT = "report", _("report of a fault")
        PROPOSAL = "proposal", _("proposal")

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        ADMITTED = "admitted", _("admitted, awaiting an answer")
        DECLINED = "declined", _("not admitted")
        ANSWERED = "answered", _("answered by a commitment")
        REFUSED = "refused", _("refused")
        NOT_DOABLE = "not_doable", _("not doable")
        CLOSED = "closed", _("closed after review")
        MERGED = "merged", _("merged into another")
        WITHDRAWN = "withdrawn", _("withdrawn by its author")
        FILED = "filed", _("ended before this system, by the municipality's own word")

    class Clock(models.TextChoices):
        NONE = "", _("no deadline")
        TRIAGE = "triage", _("to be admitted or not")
        ANSWER = "answer", _("to be answered")

    class Outcome(models.TextChoices):
        NONE = "none", _("not verified")
        KEPT = "kept", _("kept, verified")
        PARTLY = "partly", _("partly kept, verified")

    class Claim(models.TextChoices):
        """What the municipality's earlier records say of a demand's end; nobody has verified it."""

        NONE = "", _("no claim")
        DONE = "done", _("done, the municipality says")
        ANSWERED = "answered", _("answered, the municipality says")
        REFUSED = "refused", _("refused, the municipality says")
        NOT_DOABLE = "not_doable", _("not doable, the municipality says")

    class Return(models.TextChoices):
        """Why an answered demand waits for an answer again."""

        CONTESTED = "contested", _("Reviewers found that the promise was not kept.")
        PROMISE_WITHDRAWN = "promise_withdrawn", _("The promise was withdrawn.")

    class AuthorSays(models.TextChoices):
        """What the author answered when asked, some weeks after the closing, whether it is really done."""

        NOTHING = "", _("no answer yet")
        DONE = "done", _("it is really done")
        NOT_DONE = "not_done", _("it is not really done")

    LIFE = Lifecycle(
        name="demand",
        initial=State.RECEIVED,
        verbs={
            "admit": ({State.RECEIVED}, State.ADMITTED),
            "decline": ({State.RECEIVED}, State.DECLINED),
            "appeal": ({State.DECLINED}, State.RECEIVED),
            "answer": ({State.ADMITTED}, State.ANSWERED),
            "refuse": ({State.ADMITTED}, State.REFUSED),
            "find_not_doable": ({State.ADMITTED}, State.NOT_DOABLE),
            "close": ({State.ANSWERED}, State.CLOSED),
            "go_back": ({State.ANSWERED}, State.ADMITTED),
            # An appeal against a review's outcome makes the promise a claim again, and so the demand answered again.
            "look_again": ({State.CLOSED}, State.ANSWERED),
            "reopen": ({State.CLOSED, State.REFUSED, State.NOT_DOABLE, State.FILED}, State.ADMITTED),
            "withdraw": ({State.RECEIVED, State.ADMITTED}, State.WITHDRAWN),
            "merge": ({State.RECEIVED, State.ADMITTED, State.ANSWERED}, State.MERGED),
            # A merge that is undone leads back to where the demand stood: one verb for each.
            "unmerge_received": ({State.MERGED}, State.RECEIVED),
            "unmerge_admitted": ({State.MERGED}, State.ADMITTED),
            "unmerge_answered": ({State.MERGED}, State.ANSWERED),
            # A demand of the city's past, which its records call ended: no state of a review, and in no rate.
            "file": ({State.RECEIVED}, State.FILED),
        },
    )
    OPEN = (State.RECEIVED, State.ADMITTED, State.ANSWERED)
    ENDED = (State.CLOSED, State.REFUSED, State.NOT_DOABLE, State.FILED)
    # What was not admitted or was taken back is not published; the fact and the reason are.
    UNPUBLISHED = (State.DECLINED, State.WITHDRAWN)

    code = models.CharField(max_length=8, unique=True, default=new_code, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    title = models.TextField(_("title"))
    title_key = models.TextField(editable=False)
    search_key = models.TextField(editable=False)
    text = models.TextField(_("description"), blank=True)
    field = models.ForeignKey(
        Field, on_delete=models.PROTECT, related_name="demands", verbose_name=_("field"), db_index=False
    )
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="demands", verbose_name=_("place"), db_index=False
    )
    latitude = models.FloatField(_("latitude"), null=True)
    longitude = models.FloatField(_("longitude"), null=True)
    address = models.TextField(_("address"), blank=True)

    # Without an index of its own, as others below: a longer one begins with it, and each is written with every demand.
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="demands", db_index=False)
    on_behalf = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="demands_carried")
    mandate_key = models.UUIDField(null=True, editable=False)
    show_name = models.BooleanField(_("show my name"), default=False)
    name_hiding = models.ForeignKey("Hiding", on_delete=models.PROTECT, null=True, related_name="+")
    # Why a title or a description is not here: the floor of moderation keeps it, or nobody does any more.
    title_hiding = models.ForeignKey("Hiding", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    text_hiding = models.ForeignKey("Hiding", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="demands_routed", db_index=False)
    # Who of the unit deals with it: a mandate, not a login, so that it counts for nothing once the mandate has ended.
    handler = models.ForeignKey(
        Mandate, on_delete=models.SET_NULL, null=True, related_name="demands_handled", db_index=False
    )
    # Since when the author has been asked something and has not answered.
    question_since = models.DateTimeField(null=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.RECEIVED)
    state_since = models.DateTimeField(default=clock.now)
    # In whose name the state was last changed by an officer, so that the next one can be told.
    state_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    state_reason = models.TextField(blank=True)
    reason_code = models.CharField(max_length=32, blank=True)
    declined_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    appealed = models.BooleanField(default=False)
    clock_kind = models.CharField(max_length=8, choices=Clock.choices, default=Clock.NONE, blank=True)
    deadline = models.DateField(null=True)
    # Where the deadline stood before the clock stood still for a question; a deadline has that once.
    unpaused_deadline = models.DateField(null=True)
    overdue_noted_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_to = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    escalated_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged_here")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.NONE)
    claim = models.CharField(max_length=16, choices=Claim.choices, default=Claim.NONE, blank=True)

    submitted_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    author_asked_at = models.DateTimeField(null=True)
    author_says = models.CharField(max_length=8, choices=AuthorSays.choices, default=AuthorSays.NOTHING, blank=True)
    times_reopened = models.PositiveSmallIntegerField(default=0)

    support_count = models.PositiveIntegerField(default=0)
    follow_count = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    attachment_count = models.PositiveSmallIntegerField(default=0)
    reopen_call_count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            # Nearest titles: a signature of 64 bytes loses little and ran at 32 ms over 50,000 rows.
            # Of the open ones alone: they are what is offered, and a fifth of all after some years.
            GistIndex(
                OpClass(F("title_key"), name="gist_trgm_ops(siglen=64)"),
                name="demand_title_nearest",
                condition=Q(state__in=["received", "admitted", "answered"]),
            ),
            models.Index(
                F("place"),
                F("submitted_at").desc(),
                name="demand_open_here",
                condition=Q(state__in=["received", "admitted", "answered"]),
            ),
            # The words of title and text, by which lists are narrowed.
            GinIndex(SearchVector("search_key", config="simple"), name="demand_words"),
            # Lists count and skip in these alone, without the rows: of what is published, as every list is.
            models.Index(F("submitted_at").desc(), F("id").desc(), name="demand_newest", condition=_PUBLISHED),
            models.Index(F("support_count").desc(), F("id").desc(), name="demand_most_supported", condition=_PUBLISHED),
            models.Index(F("field"), F("state"), name="demand_of_field"),
            models.Index(F("place"), F("state"), name="demand_of_place"),
            models.Index(fields=["deadline", "id"], name="demand_by_deadline"),
            models.Index(
                fields=["ended_at", "id"],
                name="demand_author_to_ask",
                condition=Q(state="closed", author_asked_at=None),
            ),
            # The city's figures are counted in it.
            models.Index(fields=["state", "outcome"], include=["deadline", "support_count"], name="demand_state"),
            models.Index(fields=["author", "submitted_at"], name="demand_author"),
            models.Index(fields=["unit", "state", "deadline"], name="demand_desk"),
            # Of those that have ended only some were reopened before.
            models.Index(
                F("id").desc(),
                name="demand_reopened",
                include=["state", "unit", "deadline"],
                condition=Q(times_reopened__gt=0),
            ),
            # How the work lies on officers is counted in it.
            models.Index(
                fields=["handler"],
                name="demand_handled",
                include=["state", "deadline", "submitted_at", "answered_at", "ended_at"],
                condition=Q(handler__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="no_demand_merges_into_itself"),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) | (~Q(state="merged") & Q(merged_into=None)),
                name="merged_means_into_another",
            ),
            models.CheckConstraint(
                condition=Q(outcome="none") | Q(state__in=["closed", "merged"]), name="verified_means_closed"
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="demand_point_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(deadline=None, clock_kind="") | (Q(deadline__isnull=False) & ~Q(clock_kind="")),
                name="a_deadline_has_its_clock",
            ),
        ]

    def __str__(self) -> str:
        return f"demand {self.code}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if fields is None or {"title", "text"} & set(fields):
            self.title_key = key(self.title)
            self.search_key = f"{self.title_key} {key(self.text)}".strip()
        super().save(*args, **kwargs)

    @property
    def subject(self) -> str:
        return f"demand:{self.code}"

    @property
    def hidings(self) -> list[Any]:
        """Why its title, its description or both are not here."""
        return [each for each in (self.title_hiding, self.text_hiding) if each is not None]

    @property
    def public_name(self) -> str | None:
        """The author's name, where they show it and it has not been hidden."""
        return self.author.display_name if self.show_name and self.name_hiding_id is None else None

    @property
    def shown_code(self) -> str:
        """The tracking code as people read it aloud, in ASCII: «1234-5678»."""
        return tracking.show(self.code)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_appeal(self) -> bool:
        """It was not admitted, its author appealed, and the participation office has not decided yet."""
        return self.appealed and self.state == self.State.RECEIVED

    @property
    def is_overdue(self) -> bool:
        """Past the deadline of the clock in force: a fact of the calendar."""
        return self.deadline is not None and self.deadline < clock.today()

    @property
    def handled_by(self) -> Mandate | None:
        """The mandate under which somebody deals with it, None once that mandate has ended: at once, by itself."""
        return self.handler if self.handler is not None and self.handler.is_live else None

    @property
    def author_answers_until(self) -> date | None:
        """The last day on which the author may say whether it is really done, None if they need not."""
        if self.state != self.State.CLOSED or self.author_asked_at is None or self.author_says:
            return None
        return charter.day_after("clocks.author_answers_within", timezone.localdate(self.author_asked_at))

    @property
    def reopen_until(self) -> date | None:
        """The last day on which an ended demand may be reopened, None while it has not ended."""
        if self.state not in self.ENDED or self.ended_at is None:
            return None
        return timezone.localdate(self.ended_at) + charter.period("demands.reopen_within")

    @property
    def appeal_until(self) -> date | None:
        """The last day on which a demand that was not admitted may be appealed."""
        if self.state != self.State.DECLINED or self.appealed:
            return None
        return timezone.localdate(self.state_since) + charter.period("demands.appeal_within")

    @property
    def reason_label(self) -> str:
        """The charter's words, or the house's own, for `reason_code`, in the reader's language; empty for none."""
        if self.reason_code in self.Return.values:
            return str(self.Return(self.reason_code).label)
        chapter = {
            self.State.DECLINED: "demands.decline_reasons",
            self.State.REFUSED: "demands.refusal_reasons",
            self.State.NOT_DOABLE: "demands.not_doable_reasons",
        }.get(self.State(self.state))
        return reason_words(chapter, self.reason_code) if chapter else ""


def reason_words(rule: str, code: str) -> str:
    """What a reason of the charter is called in the reader's language; empty for a code that it no longer has."""
    words = charter.choices(rule).get(code, {})
    return words.get("fa" if get_language() == "fa" else "en", "")
