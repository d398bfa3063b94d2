"""Who may do what with demands, and in which state."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.algorithms.persian import calendar, digits
from hamgara.domain.demands.models import Comment, Demand, Field, Merge
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import ActingPerson, Organisation
from hamgara.domain.organisations.policies import (
    HEAD,
    REPRESENTATIVE,
    acts_for_office,
    acts_for_unit,
    mandate_stands,
)

# --- what several policies ask ---------------------------------------------------------------------------------------


def _shown(number: int) -> str:
    return digits.to_persian(str(number)) if get_language() == "fa" else str(number)


def _when(demand: Demand) -> str:
    """The moment of the last change of state, as the reader writes it."""
    local = timezone.localtime(demand.state_since)
    if get_language() == "fa":
        return digits.to_persian(f"{calendar.format_date(local.date())}، {local:%H:%M}")
    return date_format(local, "j F Y, H:i")


def _state_stands_against(demand: Demand) -> Denied:
    """Somebody was here before: who, what and when, so that the second one need not ask around."""
    facts = {"state": demand.get_state_display(), "when": _when(demand)}  # type: ignore[attr-defined]
    if demand.state_by is None:
        return Denied(_("This demand is now «%(state)s», since %(when)s. Nothing was changed.") % facts)
    return Denied(
        _("%(who)s acted before you: since %(when)s this demand is «%(state)s». Nothing was changed.")
        % (facts | {"who": demand.state_by.label})
    )


def _person(by: Actor | None) -> Decision:
    """`by` is somebody who is signed in, and whose mandate stands if they act under one."""
    if not isinstance(by, ActingPerson):
        return Denied(_("Sign in first; a code by SMS or mail is enough."))
    return mandate_stands(by)


def _for_oneself(by: Actor | None) -> Decision:
    """Support is of persons alone: a body adds nothing to the counts."""
    if not (decision := _person(by)):
        return decision
    if isinstance(by, ActingPerson) and by.mandate is not None:
        return Denied(_("Only people count here, not organisations. Choose «in my own name» under «acting as»."))
    return Allowed


def is_author(by: Actor | None, demand: Demand) -> bool:
    return isinstance(by, ActingPerson) and by.person.pk == demand.author_id


def speaks_for(by: Actor | None, demand: Demand) -> bool:
    """`by` made the demand, or acts now for the organisation that carries it."""
    if is_author(by, demand):
        return True
    return (
        isinstance(by, ActingPerson)
        and demand.on_behalf_id is not None
        and by.mandate is not None
        and by.mandate.organisation_id == demand.on_behalf_id
        and by.mandate.role in {HEAD, REPRESENTATIVE}
        and bool(mandate_stands(by))
    )


def handles(by: Actor | None, demand: Demand) -> bool:
    """`by` acts for the demand's unit, for one above it, or for the participation office."""
    if by is None or not isinstance(by, ActingPerson) or by.mandate is None:
        return False
    if acts_for_office(by):
        return True
    return acts_for_unit(by) and organisations.standing_for(demand.unit).is_within(by.mandate.organisation)


def _handling(by: Actor | None, demand: Demand) -> Decision:
    if isinstance(by, House):
        return Allowed
    if not (decision := _person(by)):
        return decision
    if not handles(by, demand):
        return Denied(
            _("This demand is with %(unit)s. Only its officers, those above it and the participation office do this.")
            % {"unit": demand.unit.label}
        )
    if is_author(by, demand):
        return Denied(_("You made this demand yourself, so another officer decides about it."))
    return Allowed


def _in_state(demand: Demand, verb: str) -> Decision:
    return Allowed if Demand.LIFE.allows(Demand.State(demand.state), verb) else _state_stands_against(demand)


def _decides(by: Actor | None, demand: Demand, verb: str) -> Decision:
    if not (decision := _handling(by, demand)):
        return decision
    return _in_state(demand, verb)


def _house_only(by: Actor | None, demand: Demand, verb: str) -> Decision:
    if not isinstance(by, House):
        return Denied(_("No person does this: it follows from a commitment or from a settled review."))
    return _in_state(demand, verb)


# --- fields and routes -----------------------------------------------------------------------------------------------


def may_manage_fields(by: Actor | None, field: Field | None = None) -> Decision:
    if isinstance(by, House) or (by is not None and acts_for_office(by)):
        return Allowed
    if not (decision := _person(by)):
        return decision
    return Denied(_("Only the participation office changes fields and routes."))


# --- making a demand -------------------------------------------------------------------------------------------------


def may_submit(by: Actor | None, *, made_today: int = 0) -> Decision:
    """A person for themselves, or for an accredited organisation on behalf of people who cannot."""
    if not (decision := _person(by)):
        return decision
    assert isinstance(by, ActingPerson)
    if by.mandate is not None:
        body = by.mandate.organisation
        if body.is_unit:
            return Denied(_("Officers make demands in their own name. Choose «in my own name» under «acting as»."))
        if by.mandate.role not in {HEAD, REPRESENTATIVE}:
            return Denied(_("Your mandate is for reviews only. Choose «in my own name» under «acting as»."))
        if body.state != Organisation.State.ACCREDITED or (
            body.accredited_until is not None and body.accredited_until < clock.today()
        ):
            return Denied(
                _("%(body)s is not accredited now, so it cannot carry demands. Act in your own name.")
                % {"body": body.label}
            )
    most = charter.number("demands.demands_a_day")
    if made_today >= most:
        return Denied(
            ngettext(
                "The charter allows %(count)s demand a day. Please come back tomorrow.",
                "The charter allows %(count)s demands a day. Please come back tomorrow.",
                most,
            )
            % {"count": _shown(most)}
        )
    return Allowed


def may_withdraw(by: Actor | None, demand: Demand) -> Decision:
    if not (decision := _person(by)):
        return decision
    if not speaks_for(by, demand):
        return Denied(_("Only whoever made this demand may take it back."))
    return _in_state(demand, "withdraw")


# --- reading ---------------------------------------------------------------------------------------------------------


def may_read_words(by: Actor | None, demand: Demand) -> Decision:
    """Published, unless not admitted or taken back: then only those concerned see more than the fact."""
    if demand.state not in Demand.UNPUBLISHED or speaks_for(by, demand) or handles(by, demand):
        return Allowed
    return Denied(_("What was not admitted or was taken back is not published."))


def may_see_private(by: Actor | None, demand: Demand) -> Decision:
    """The author's name where it is hidden, and the address: for those who deal with the demand, and the author."""
    if speaks_for(by, demand) or handles(by, demand):
        return Allowed
    return Denied(_("Only the officers who deal with this demand see this."))


# --- support, following, comments ------------------------------------------------------------------------------------


def may_support(by: Actor | None, demand: Demand, *, already: bool = False) -> Decision:
    if not (decision := _for_oneself(by)):
        return decision
    if is_author(by, demand):
        return Denied(_("This is your own demand; it counts with you already."))
    if not demand.is_open:
        return _state_stands_against(demand)
    if already:
        return Denied(_("You support this demand already."))
    return Allowed


def may_withdraw_support(by: Actor | None, demand: Demand, *, supports: bool = True) -> Decision:
    if not (decision := _for_oneself(by)):
        return decision
    if not demand.is_open:
        return _state_stands_against(demand)
    return Allowed if supports else Denied(_("You do not support this demand."))


def may_follow(by: Actor | None, demand: Demand, *, already: bool = False) -> Decision:
    if not (decision := _person(by)):
        return decision
    if not (decision := may_read_words(by, demand)):
        return decision
    if is_author(by, demand):
        return Denied(_("This is your own demand; you hear of it anyway."))
    return Denied(_("You follow this demand already.")) if already else Allowed


def may_unfollow(by: Actor | None, demand: Demand, *, follows: bool = True) -> Decision:
    if not (decision := _person(by)):
        return decision
    return Allowed if follows else Denied(_("You do not follow this demand."))


def may_comment(by: Actor | None, demand: Demand, *, made_today: int = 0) -> Decision:
    if not (decision := _person(by)):
        return decision
    if demand.state in (*Demand.UNPUBLISHED, Demand.State.MERGED):
        return _state_stands_against(demand)
    most = charter.number("demands.comments_a_day")
    if made_today >= most:
        return Denied(
            ngettext(
                "The charter allows %(count)s comment a day. Please come back tomorrow.",
                "The charter allows %(count)s comments a day. Please come back tomorrow.",
                most,
            )
            % {"count": _shown(most)}
        )
    return Allowed


def may_hide_comment(by: Actor | None, comment: Comment) -> Decision:
    if by is None or not acts_for_office(by):
        return Denied(_("Only the participation office hides a comment, with a public reason."))
    if comment.hidden_at is not None:
        return Denied(_("This comment is hidden already."))
    return Allowed


# --- triage ----------------------------------------------------------------------------------------------------------


def _first_look(by: Actor | None, demand: Demand, verb: str) -> Decision:
    """Admit or decline. An appeal is for the participation office, and for another officer than the first."""
    if not (decision := _decides(by, demand, verb)):
        return decision
    if demand.appealed and not isinstance(by, House):
        if by is None or not acts_for_office(by):
            return Denied(_("This is an appeal, so the participation office decides."))
        if isinstance(by, ActingPerson) and by.person.pk == demand.declined_by_id:
            return Denied(_("You decided about this demand the first time, so another officer decides the appeal."))
    return Allowed


def may_admit(by: Actor | None, demand: Demand) -> Decision:
    return _first_look(by, demand, "admit")


def may_decline(by: Actor | None, demand: Demand) -> Decision:
    return _first_look(by, demand, "decline")


def may_appeal(by: Actor | None, demand: Demand) -> Decision:
    """Once, by whoever made the demand, within the time of the charter."""
    if not (decision := _person(by)):
        return decision
    if not speaks_for(by, demand):
        return Denied(_("Only whoever made this demand may appeal."))
    if not (decision := _in_state(demand, "appeal")):
        return decision
    if demand.appealed:
        return Denied(_("There has been an appeal about this demand; the decision on it is final."))
    last_day = demand.appeal_until
    if last_day is not None and last_day < clock.today():
        return Denied(_("The time for an appeal has passed. You may make a new demand."))
    return Allowed


def may_route(by: Actor | None, demand: Demand) -> Decision:
    if not (decision := _handling(by, demand)):
        return decision
    return Allowed if demand.is_open else _state_stands_against(demand)


def may_merge(by: Actor | None, demand: Demand, into: Demand | None = None) -> Decision:
    """People merge, never the machine; into a demand that is open itself."""
    if isinstance(by, House):
        return Denied(_("Only people merge demands."))
    if not (decision := _decides(by, demand, "merge")):
        return decision
    if into is not None:
        if into.pk == demand.pk:
            return Denied(_("A demand cannot be merged into itself. Choose another one."))
        if not into.is_open:
            return Denied(
                _("The demand chosen is now «%(state)s». Choose one that is open.")
                % {"state": into.get_state_display()}  # type: ignore[attr-defined]
            )
    return Allowed


def may_unmerge(by: Actor | None, demand: Demand, merge: Merge | None = None) -> Decision:
    if not (decision := _handling(by, demand)):
        return decision
    if demand.state != Demand.State.MERGED:
        return _state_stands_against(demand)
    if merge is not None and merge.target.state == Demand.State.MERGED:
        return Denied(_("The other demand was merged on in its turn. Undo that merge first."))
    return Allowed


# --- answers ---------------------------------------------------------------------------------------------------------


def may_explain(by: Actor | None, demand: Demand) -> Decision:
    """An official word may be given as long as the demand has been admitted and not ended."""
    if not (decision := _handling(by, demand)):
        return decision
    if demand.state not in (Demand.State.ADMITTED, Demand.State.ANSWERED):
        return _state_stands_against(demand)
    return Allowed


def may_refuse(by: Actor | None, demand: Demand) -> Decision:
    return _decides(by, demand, "refuse")


def may_find_not_doable(by: Actor | None, demand: Demand) -> Decision:
    return _decides(by, demand, "find_not_doable")


def may_mark_answered(by: Actor | None, demand: Demand) -> Decision:
    return _house_only(by, demand, "answer")


def may_close(by: Actor | None, demand: Demand) -> Decision:
    """Nothing is closed by whoever promised it: only a settled review closes."""
    return _house_only(by, demand, "close")


def may_go_back(by: Actor | None, demand: Demand) -> Decision:
    return _house_only(by, demand, "go_back")


def may_look_again(by: Actor | None, demand: Demand) -> Decision:
    """No person takes a verified outcome away: it follows from an appeal that stands."""
    return _house_only(by, demand, "look_again")


# --- the end is not always the end -----------------------------------------------------------------------------------


def _within_window(demand: Demand) -> Decision:
    if not (decision := _in_state(demand, "reopen")):
        return decision
    last_day = demand.reopen_until
    if last_day is not None and last_day < clock.today():
        return Denied(_("The time for reopening has passed. You may make a new demand."))
    return Allowed


def may_reopen(by: Actor | None, demand: Demand) -> Decision:
    """Its author at once; the house, when enough supporters have called for it."""
    if isinstance(by, House):
        if demand.reopen_call_count < charter.number("demands.reopen_supporters"):
            return Denied(_("Too few supporters have called for it."))
        return _in_state(demand, "reopen")
    if not (decision := _person(by)):
        return decision
    if not speaks_for(by, demand):
        return Denied(_("Only whoever made this demand reopens it alone; its supporters may call for it together."))
    return _within_window(demand)


def may_call_for_reopening(
    by: Actor | None, demand: Demand, *, supports: bool = True, already: bool = False
) -> Decision:
    if not (decision := _for_oneself(by)):
        return decision
    if is_author(by, demand):
        return Denied(_("You made this demand, so you may reopen it at once."))
    if not (decision := _within_window(demand)):
        return decision
    if not supports:
        return Denied(_("Only people who supported this demand may call for reopening it."))
    if already:
        return Denied(_("You have called for reopening this demand already."))
    return Allowed


def may_note_deadline(by: Actor | None, demand: Demand) -> Decision:
    if not isinstance(by, House):
        return Denied(_("Deadlines pass by themselves."))
    if not demand.is_overdue or demand.overdue_noted_at is not None:
        return Denied(_("No deadline has newly passed."))
    return Allowed
