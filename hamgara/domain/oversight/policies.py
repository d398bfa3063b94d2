"""Who may set a draw going, judge, step back and appeal. Never the house, never a promiser."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hamgara import charter, clock
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.commitments.policies import shown, speaks_for
from hamgara.domain.demands.models import Support
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.organisations.policies import HEAD, REPRESENTATIVE, acts_for_office, holds, mandate_stands
from hamgara.domain.organisations.queries import live_mandates
from hamgara.domain.oversight.models import Monitor, Review, Seat, Verdict
from hamgara.domain.oversight.queries.standing import JUDGING_ROLES, personal_ties, serves_a_side, still_stands


def wrong_state(review: Review) -> Denied:
    return Denied(
        _("This review is now «%(state)s»; somebody may have acted before you.")
        % {"state": review.get_state_display()},
        overtaken=True,
        about=review.subject,
    )


def may_register_monitor(by: Actor) -> Decision:
    if isinstance(by, House) or acts_for_office(by):
        return Allowed
    if not (stands := mandate_stands(by)):
        return stands
    return Denied(_("Only the participation office does this. Choose its name under «acting as», if you work there."))


def may_end_monitor(by: Actor, monitor: Monitor) -> Decision:
    """The office ends a registration; a monitor may lay it down."""
    if monitor.ended_at is not None:
        return Denied(_("This registration has ended already."), overtaken=True, about=monitor.subject)
    if isinstance(by, ActingPerson) and by.person.pk == monitor.person_id:
        return Allowed
    return may_register_monitor(by)


def may_follow_the_rules(by: Actor, review: Review, verb: str) -> Decision:
    """What no person decides: openings, absences and outcomes follow from the rules and the calendar."""
    if not isinstance(by, House):
        return Denied(_("No person decides this: it follows from the rules of the charter."))
    return Allowed if Review.LIFE.allows(review.state, verb) else wrong_state(review)


def may_open_waiting(by: Actor, review: Review) -> Decision:
    """The office may try again when the pool has grown; the calendar does so by itself."""
    if not Review.LIFE.allows(review.state, "open_waiting"):
        return wrong_state(review)
    return may_register_monitor(by)


def _is_author_side(by: ActingPerson, review: Review) -> bool:
    """The demand's author for themselves, or the body that carried the demand."""
    demand = review.commitment.demand
    if by.mandate is None:
        return by.person.pk == demand.author_id
    return demand.on_behalf is not None and holds(by, demand.on_behalf, HEAD, REPRESENTATIVE)


def supports(by: ActingPerson, review: Review) -> bool:
    return by.mandate is None and Support.objects.filter(demand=review.commitment.demand_id, person=by.person).exists()


def speaks_as(by: ActingPerson, review: Review) -> str:
    """As what `by` gives the words: author, carrier, supporter, candidate or citizen; shown beside the draw."""
    if _is_author_side(by, review):
        return "author" if by.mandate is None else "carrier"
    if supports(by, review):
        return "supporter"
    candidates = [each.partition(":")[2] for each in review.pool if each.startswith("organisation:")]
    mandates = live_mandates().filter(person=by.person, role__in=JUDGING_ROLES)
    return "candidate" if mandates.filter(organisation__code__in=candidates).exists() else "citizen"


def may_give_words(by: Actor, review: Review) -> Decision:
    """The people's side speaks the words: first the author, then supporters and candidates, at last anybody.

    Nobody who serves the municipality or a promiser may: the house holds the other half of the seed.
    """
    if not isinstance(by, ActingPerson):
        return Denied(_("Sign in first."))
    if not Review.LIFE.allows(review.state, "give_words"):
        return wrong_state(review)
    if not (stands := mandate_stands(by)):
        return stands
    if serves_a_side(by.person, review.commitment):
        return Denied(
            _("You act for the municipality or for a promiser. The words for the draw come from the people's side.")
        )
    role = speaks_as(by, review)
    if role in {"author", "carrier"}:
        return Allowed
    assert review.opened_at is not None
    waited = clock.now() - review.opened_at
    if waited >= charter.period("oversight.words_open_to_all"):
        return Allowed
    if waited < charter.period("oversight.words_of_author_alone"):
        return Denied(
            _("For the first %(days)s days the words for the draw are the demand's author's to give.")
            % {"days": shown(charter.number("oversight.words_of_author_alone"))}
        )
    if role in {"supporter", "candidate"}:
        return Allowed
    return Denied(_("The demand's author, a supporter or an organisation in the pool gives the words for the draw."))


def sits_on(by: Actor, seat: Seat) -> bool:
    """`by` may act for this seat: a mandate-holder of the organisation, or the monitor in person."""
    if not isinstance(by, ActingPerson):
        return False
    if seat.organisation is not None:
        return holds(by, seat.organisation, *JUDGING_ROLES)
    return by.mandate is None and seat.monitor is not None and seat.monitor.person_id == by.person.pk


def _may_act_on(by: Actor, seat: Seat, verb: str) -> Decision:
    if seat.review.state != Review.State.DRAWN:
        return wrong_state(seat.review)
    if not Seat.LIFE.allows(seat.state, verb):
        return Denied(
            _("This seat is now «%(state)s»; somebody may have acted before you.")
            % {"state": seat.get_state_display()},
            overtaken=True,
            about=seat.review.subject,
        )
    if sits_on(by, seat):
        return Allowed
    if not (stands := mandate_stands(by)):
        return stands
    return Denied(_("Only the reviewer called to this seat can do this. Choose under «I act» for whom you act."))


def may_recuse(by: Actor, seat: Seat) -> Decision:
    return _may_act_on(by, seat, "recuse")


def may_give_verdict(by: Actor, seat: Seat) -> Decision:
    """The called reviewer, by a person who has no tie of their own and judges this review only once."""
    if not (decision := _may_act_on(by, seat, "give_verdict")):
        return decision
    assert isinstance(by, ActingPerson)
    if not still_stands(seat.candidate):
        return Denied(_("The accreditation or registration for this seat does not stand any more; the next is called."))
    if personal_ties(by.person, seat.review.commitment):
        return Denied(
            _(
                "You have a tie of your own to this demand or its promisers, so you cannot judge it. "
                "Let somebody else of your organisation answer, or step back."
            )
        )
    if Verdict.objects.filter(seat__review=seat.review, by=by.person).exists():
        return Denied(_("You have judged this review for another seat. Somebody else must answer for this one."))
    return Allowed


def may_replace_absent(by: Actor, seat: Seat) -> Decision:
    if not isinstance(by, House):
        return Denied(_("No person decides this: it follows from the rules of the charter."))
    if seat.review.state != Review.State.DRAWN:
        return wrong_state(seat.review)
    if not Seat.LIFE.allows(seat.state, "replace_absent"):
        return Denied(
            _("This seat is now «%(state)s»; somebody may have acted before you.")
            % {"state": seat.get_state_display()},
            overtaken=True,
            about=seat.review.subject,
        )
    return Allowed


def ground_of(by: Actor, review: Review) -> str | None:
    """On what ground `by` could appeal: author, carrier, promiser or supporters; None for nobody concerned."""
    if not isinstance(by, ActingPerson) or not mandate_stands(by):
        return None
    if _is_author_side(by, review):
        return "author" if by.mandate is None else "carrier"
    if any(speaks_for(by, body) for body in review.commitment.bodies):
        return "promiser"
    return "supporters" if supports(by, review) else None


def _has_voice(by: Actor, review: Review) -> bool:
    return isinstance(by, ActingPerson) and review.appeal_voices.filter(person=by.person).exists()


def may_appeal(by: Actor, review: Review) -> Decision:
    """Once, within the charter's days, by those concerned; never against the outcome of an appeal."""
    if review.appeal_of_id is not None:
        return Denied(_("This is the outcome of an appeal; there is no second one."))
    if not Review.LIFE.allows(review.state, "appeal"):
        return wrong_state(review)
    later = Review.objects.filter(commitment=review.commitment_id, round__gt=review.round)
    if later.exists() or review.commitment.state not in Commitment.VERIFIED:
        return Denied(_("The promise has gone on since this outcome; there is nothing left to appeal against here."))
    assert review.settled_at is not None
    if clock.now() > review.settled_at + charter.period("oversight.appeal_within"):
        return Denied(
            _("The time to appeal, %(days)s days, has passed.")
            % {"days": shown(charter.number("oversight.appeal_within"))}
        )
    if not (stands := mandate_stands(by)):
        return stands
    ground = ground_of(by, review)
    if ground is None:
        return Denied(_("Who asked or carried the demand, who promised, and the supporters together can appeal here."))
    if ground == "supporters" and _has_voice(by, review):
        return Denied(_("Your voice for an appeal is counted already."))
    return Allowed
