"""Who may report, decide and appeal. Nobody decides about what is their own."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hamgara import charter, clock
from hamgara.domain.demands.policies.standing import for_oneself, shown, signed_in
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.moderation import queries
from hamgara.domain.moderation.models import Case
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.organisations.policies import HEAD, OFFICER, REPRESENTATIVE, acts_for_office, holds


def _in_state(case: Case, verb: str) -> Decision:
    if Case.LIFE.allows(Case.State(case.state), verb):
        return Allowed
    return Denied(
        _("This is now «%(state)s»; somebody may have acted before you. Nothing was changed.")
        % {"state": case.get_state_display()},  # type: ignore[attr-defined]
        overtaken=True,
    )


def is_author(by: Actor | None, case: Case) -> bool:
    return isinstance(by, ActingPerson) and case.author is not None and by.person.pk == case.author.pk


def speaks_for(by: Actor | None, case: Case) -> bool:
    """`by` wrote or brought the thing, or acts now for the body in whose name it was said."""
    if by is None or is_author(by, case):
        return by is not None
    return case.body is not None and holds(by, case.body, HEAD, REPRESENTATIVE, OFFICER)


# --- reporting -------------------------------------------------------------------------------------------------------


def may_report(by: Actor | None, case: Case, *, already: bool = False, made_today: int = 0) -> Decision:
    """Anybody who is signed in, as a person: a body's name would stand beside the report."""
    if not (decision := signed_in(by)):
        return decision
    if not for_oneself(by):
        return Denied(_("People report, not organisations. Choose «in my own name» under «acting as»."))
    if is_author(by, case):
        return Denied(_("This is your own; you need not report it."))
    if case.is_hidden:
        return Denied(_("This is hidden already."), overtaken=True)
    if already:
        return Denied(_("You have reported this already. One report of each person counts."))
    most = charter.number("moderation.reports_a_day")
    if made_today >= most:
        return Denied(
            ngettext(
                "The charter allows %(count)s report a day. Please come back tomorrow.",
                "The charter allows %(count)s reports a day. Please come back tomorrow.",
                most,
            )
            % {"count": shown(most)}
        )
    return _in_state(case, "report")


# --- deciding --------------------------------------------------------------------------------------------------------


def may_see_queue(by: Actor | None) -> Decision:
    """The participation office, and the unit above it for what concerns the office itself."""
    if by is None or not isinstance(by, ActingPerson):
        return signed_in(by)
    if acts_for_office(by):
        return Allowed
    above = queries.unit_above_office() if by.organisation is not None else None
    if above is not None and holds(by, above, HEAD, OFFICER):
        return Allowed
    return Denied(_("Only the participation office sees this page. If you work there, your mandate may have ended."))


def _decides(by: Actor | None, case: Case) -> Decision:
    if not (decision := signed_in(by)):
        return decision
    assert isinstance(by, ActingPerson)
    above = queries.unit_above_office() if case.concerns_office else None
    if above is not None and not holds(by, above, HEAD, OFFICER):
        return Denied(
            _("This concerns the participation office itself, so %(unit)s above it decides.") % {"unit": above.label}
        )
    if above is None and not acts_for_office(by):
        return Denied(_("Only the participation office decides what is hidden, with a public reason."))
    if is_author(by, case) or case.demand.author_id == by.person.pk:
        return Denied(_("This is your own or stands under your own demand, so another officer decides about it."))
    if queries.has_reported(by.person, case):
        return Denied(_("You reported this yourself, so another officer decides about it."))
    return Allowed


def _may_decide(by: Actor | None, case: Case, verb: str) -> Decision:
    return _decides(by, case) and _in_state(case, verb)


def may_hide(by: Actor | None, case: Case) -> Decision:
    if not (decision := _may_decide(by, case, "hide")):
        return decision
    if case.is_spoken and not case.words.strip():
        return Denied(_("There are no words here that could be hidden."))
    return Allowed


def may_leave(by: Actor | None, case: Case) -> Decision:
    return _may_decide(by, case, "leave")


def may_restore(by: Actor | None, case: Case) -> Decision:
    return _may_decide(by, case, "restore") and _words_are_kept(case)


def _words_are_kept(case: Case) -> Decision:
    if case.words_gone:
        return Denied(_("These words told of somebody and were destroyed; nobody can show them again."))
    return Allowed


def may_destroy_words(by: Actor | None, case: Case) -> Decision:
    if not isinstance(by, House):
        return Denied(_("Hidden words are destroyed by themselves, when nobody can appeal any more."))
    if not queries.is_over(case):
        return Denied(_("These words are still kept for whoever may appeal."))
    return Allowed


# --- the calendar ----------------------------------------------------------------------------------------------------


def may_remind(by: Actor | None, case: Case) -> Decision:
    if not isinstance(by, House):
        return Denied(_("The house reminds by itself."))
    near = charter.day_after("clocks.remind_before", clock.today())
    due = case.decide_until
    if due is None or case.reminded_at is not None or not clock.today() <= due <= near:
        return Denied(_("No deadline has newly come near."))
    return Allowed


def may_note_deadline(by: Actor | None, case: Case) -> Decision:
    if not isinstance(by, House):
        return Denied(_("Deadlines pass by themselves."))
    if not case.is_overdue or case.overdue_noted_at is not None:
        return Denied(_("No deadline has newly passed."))
    return Allowed


# --- appeals ---------------------------------------------------------------------------------------------------------


def may_appeal(by: Actor | None, case: Case) -> Decision:
    """Once for each hiding, by whoever wrote it or the body in whose name it was said."""
    if not (decision := signed_in(by)):
        return decision
    if not speaks_for(by, case):
        return Denied(_("Only whoever wrote or brought this may appeal."))
    if case.state == Case.State.FINAL:
        return Denied(_("There has been an appeal about this; the decision on it is final."))
    if not (decision := _in_state(case, "appeal")):
        return decision
    last_day = case.appeal_until
    if last_day is not None and last_day < clock.today():
        return Denied(_("The time for an appeal has passed."))
    return _words_are_kept(case)


def _decides_appeal(by: Actor | None, case: Case, verb: str) -> Decision:
    """Another officer than the one who hid it, as long as there is another."""
    if not (decision := _may_decide(by, case, verb)):
        return decision
    assert isinstance(by, ActingPerson)
    assert by.mandate is not None
    hid = queries.last_hid(case)
    own = hid is not None and hid.by_id == by.person.pk
    another = charter.rule("moderation.another_decides").value
    if own and another and queries.another_decides(by.person, by.mandate.organisation):
        return Denied(_("You hid this yourself, so another officer decides about the appeal."))
    return Allowed


def may_grant_appeal(by: Actor | None, case: Case) -> Decision:
    return _decides_appeal(by, case, "grant_appeal")


def may_dismiss_appeal(by: Actor | None, case: Case) -> Decision:
    return _decides_appeal(by, case, "dismiss_appeal")
