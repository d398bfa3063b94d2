"""Reviews by lot: monitors, pools with their ties, draws that anybody can recheck, seats, verdicts, appeals."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hamgara import clock
from hamgara.algorithms import settlement
from hamgara.algorithms.lifecycle import Lifecycle
from hamgara.domain.commitments.models import Commitment, KeptFile, Progress
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.people.models import Person

KNOWN_AS_LENGTH, WORDS_LENGTH, REASON_LENGTH, FINDINGS_LENGTH = 80, 200, 1000, 4000


class Monitor(models.Model):
    """A person whom the participation office has registered to judge for the people, until a date."""

    code = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="monitorships")
    known_as = models.CharField(_("known in public as"), max_length=KNOWN_AS_LENGTH)
    since = models.DateTimeField(default=clock.now)
    until = models.DateField(_("until"))
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="a_monitor_once_at_a_time")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        return f"monitor:{self.code}"

    @property
    def is_live(self) -> bool:
        return self.ended_at is None and self.until >= clock.today()


class Bar(models.TextChoices):
    """Why a candidate may not be drawn, as everybody may read it.

    The personal reasons are told as one: who wrote, supported or discussed a demand is that person's own matter.
    """

    IS_PROMISER = "is_promiser", _("made the promise")
    OWNS_PART = "owns_part", _("owns a part of the work")
    CARRIED_THE_DEMAND = "carried_the_demand", _("brought the demand")
    SHARES_MANDATE_HOLDER = "shares_mandate_holder", _("has a mandate-holder in common with a body concerned")
    PARENT_OR_CHILD = "parent_or_child", _("stands above or below a body concerned")
    WORKS_FOR_MUNICIPALITY = "works_for_municipality", _("somebody who acts for it works for the municipality")
    PERSONAL = "personal", _("somebody who acts for it has a part in the demand")
    NOBODY_ACTS = "nobody_acts", _("nobody may act for it now")
    SAT_BEFORE = "sat_before", _("was called for the first review")
    WAS_ABSENT = "was_absent", _("did not answer in the round before")


SPEAKERS = [
    ("author", _("who asked")),
    ("carrier", _("who brought the demand for others")),
    ("supporter", _("a supporter")),
    ("candidate", _("an organisation in the pool")),
    ("citizen", _("a citizen")),
]


class Review(models.Model):
    """One examination of one claim. The draw's secret half is in a row of its own, which pages never load."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for more reviewers without a tie")
        OPENED = "opened", _("opened, awaiting the words for the draw")
        DRAWN = "drawn", _("panel drawn, being examined")
        SETTLED = "settled", _("settled")
        APPEALED = "appealed", _("settled, and looked at again after an appeal")
        LAPSED = "lapsed", _("too few reviewers answered; drawn anew")

    LIFE = Lifecycle(
        name="review",
        initial=State.WAITING,
        verbs={
            # A review with enough candidates is opened in the act that makes it.
            "open_waiting": ({State.WAITING}, State.OPENED),
            "give_words": ({State.OPENED}, State.DRAWN),
            "settle": ({State.DRAWN}, State.SETTLED),
            "lapse": ({State.DRAWN}, State.LAPSED),
            "appeal": ({State.SETTLED}, State.APPEALED),
        },
    )
    # While one of these lasts, a claim is being examined.
    LIVE = (State.WAITING, State.OPENED, State.DRAWN)

    code = models.CharField(max_length=24, unique=True)
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="reviews")
    report = models.ForeignKey(Progress, on_delete=models.PROTECT, related_name="reviews")
    round = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    appeal_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="appeals")
    begun_at = models.DateTimeField(default=clock.now)
    opened_at = models.DateTimeField(null=True)
    # Every candidate as it stood at the opening: {"id", "kind", "ties": [{"reason", "whom"}]}; no names, no persons.
    candidates = models.JSONField(default=list)
    seats_wanted = models.PositiveSmallIntegerField()
    pool_hash = models.CharField(max_length=64, blank=True)
    nonce_commitment = models.CharField(max_length=64, blank=True)
    words = models.CharField(_("words for the draw"), max_length=WORDS_LENGTH, blank=True)
    words_as = models.CharField(max_length=12, blank=True, choices=SPEAKERS)
    words_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    words_called_at = models.DateTimeField(null=True, help_text="When others than the author were told they may speak.")
    drawn_at = models.DateTimeField(null=True)
    certificate = models.JSONField(null=True)
    outcome = models.CharField(max_length=16, blank=True)
    working = models.JSONField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-begun_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "-begun_at"], name="review_state"),
            models.Index(fields=["-begun_at", "-id"], name="review_newest"),
            models.Index(fields=["state", "outcome"], name="review_outcomes"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "round"], name="one_review_a_round"),
            models.UniqueConstraint(
                fields=["commitment"],
                condition=Q(state__in=["waiting", "opened", "drawn"]),
                name="one_live_review_a_commitment",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        return f"review:{self.code}"

    @property
    def pool(self) -> list[str]:
        """The ids among which the lot decides: the candidates without a tie."""
        return [each["id"] for each in self.candidates if not each["ties"]]

    @property
    def order(self) -> list[str]:
        """Every candidate of the pool, as the lot has put them; empty before the draw."""
        return [] if self.certificate is None else [*self.certificate["panel"], *self.certificate["replacements"]]


class Nonce(models.Model):
    """The house's half of the seed: fixed before the words are known, opened by the draw."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="secret")
    value = models.BinaryField()

    def __str__(self) -> str:
        return f"nonce of review {self.review_id}"


class Seat(models.Model):
    """A place on the panel: who was called by lot, and what came of it."""

    class State(models.TextChoices):
        CALLED = "called", _("called")
        ANSWERED = "answered", _("has answered")
        RECUSED = "recused", _("stepped back")
        ABSENT = "absent", _("did not answer")

    LIFE = Lifecycle(
        name="seat",
        initial=State.CALLED,
        verbs={
            "give_verdict": ({State.CALLED}, State.ANSWERED),
            "recuse": ({State.CALLED}, State.RECUSED),
            "replace_absent": ({State.CALLED}, State.ABSENT),
        },
    )

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="seats")
    candidate = models.CharField(max_length=80)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="seats")
    monitor = models.ForeignKey(Monitor, on_delete=models.SET_NULL, null=True, related_name="seats")
    state = models.CharField(max_length=16, choices=State.choices, default=State.CALLED)
    position = models.PositiveSmallIntegerField(help_text="Place in the order of the lot, from 0.")
    called_at = models.DateTimeField(default=clock.now)
    due = models.DateField(_("answer by"))
    reminded_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    replaced_by = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, related_name="replaces")

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["state", "due"]),
            models.Index(fields=["organisation", "state"], name="seat_of_body"),
            models.Index(
                models.F("organisation"),
                models.F("called_at").desc(),
                models.F("id").desc(),
                name="seat_done",
                condition=~Q(state="called"),
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["review", "candidate"], name="a_candidate_sits_once")]

    def __str__(self) -> str:
        return f"{self.candidate} in review {self.review_id}"

    @property
    def label(self) -> str:
        """What the reviewer is called in public."""
        if self.organisation is not None:
            return self.organisation.label
        return self.monitor.known_as if self.monitor is not None else str(_("a monitor whose data were erased"))


ANSWERS = [
    (settlement.Answer.YES.value, _("yes")),
    (settlement.Answer.PARTLY.value, _("in part")),
    (settlement.Answer.NO.value, _("no")),
    (settlement.Answer.CANNOT_TELL.value, _("cannot be told")),
]
OVERALL = [
    (settlement.Overall.KEPT.value, _("kept")),
    (settlement.Overall.PARTLY.value, _("partly kept")),
    (settlement.Overall.BROKEN.value, _("not kept")),
]


class Verdict(models.Model):
    """What one reviewer found in the three steps, and concluded. Others see it when the review is settled."""

    seat = models.OneToOneField(Seat, on_delete=models.CASCADE, related_name="verdict")
    paper = models.CharField(_("on paper"), max_length=12, choices=ANSWERS)
    paper_findings = models.TextField(_("findings on paper"), blank=True)
    on_site = models.CharField(_("on site"), max_length=12, choices=ANSWERS)
    on_site_findings = models.TextField(_("findings on site"), blank=True)
    effect = models.CharField(_("effect"), max_length=12, choices=ANSWERS)
    effect_findings = models.TextField(_("findings on the effect"), blank=True)
    overall = models.CharField(_("conclusion"), max_length=8, choices=OVERALL)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"verdict of seat {self.seat_id}"

    def for_settlement(self) -> settlement.Verdict:
        return settlement.Verdict(
            reviewer=self.seat.candidate,
            paper=settlement.Answer(self.paper),
            on_site=settlement.Answer(self.on_site),
            effect=settlement.Answer(self.effect),
            overall=settlement.Overall(self.overall),
        )


class VerdictFile(KeptFile):
    """A file with a verdict: public with it."""

    FOLDER = "findings"

    verdict = models.ForeignKey(Verdict, on_delete=models.CASCADE, related_name="files")


class AppealVoice(models.Model):
    """Somebody appeals against an outcome: the author or a promiser alone, supporters when they are enough."""

    class Ground(models.TextChoices):
        AUTHOR = "author", _("wrote the demand")
        CARRIER = "carrier", _("brought the demand for others")
        PROMISER = "promiser", _("made the promise")
        SUPPORTERS = "supporters", _("supports the demand")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="appeal_voices")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=12, choices=Ground.choices)
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["review", "person"], name="one_voice_in_an_appeal")]

    def __str__(self) -> str:
        return f"voice {self.pk}"
