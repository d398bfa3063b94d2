"""Who may do what with persons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _

from hamgara import clock
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.people.models import Erasure, Person, SignInLink


def may_register(by: Actor, key: str) -> Decision:
    """Each person signs up for themselves; the house enters those who found the city."""
    if isinstance(by, House) or by.person_key == key:
        return Allowed
    return Denied(_("People sign up for themselves, with their own mobile number."))


def may_take_over(by: Actor) -> Decision:
    """People of the city's earlier records come with an import, which the participation office starts."""
    return Allowed if isinstance(by, House) else Denied(_("People of earlier records come with an import alone."))


def may_change_profile(by: Actor, person: Person) -> Decision:
    """Each person changes their own profile, nobody another's."""
    if by.person_key == str(person.key):
        return Allowed
    return Denied(_("Only the person concerned can change this."))


def may_issue_link(by: Actor, person: Person) -> Decision:
    """A link is a key to somebody's account, so no person makes one for another."""
    if not isinstance(by, House):
        return Denied(_("Sign-in links are made by those who run this system, at its console."))
    return Allowed if person.is_active else Denied(_("This account has been closed."))


def may_use(link: SignInLink | None) -> Decision:
    """A link works once, until the charter's time is over, for an active person."""
    if link is None:
        return Denied(_("This sign-in link is not one of ours. Ask for a code with your mobile number."))
    if link.used_at is not None:
        return Denied(_("This sign-in link has been used already. Ask for a code with your mobile number."))
    if link.expires_at < clock.now():
        return Denied(_("This sign-in link has expired. Ask for a code with your mobile number."))
    if not link.person.is_active:
        return Denied(_("This account has been closed."))
    return Allowed


def may_forget_links(by: Actor) -> Decision:
    return Allowed if isinstance(by, House) else Denied(_("Spent links are forgotten by themselves."))


def may_forget_sessions(by: Actor) -> Decision:
    return Allowed if isinstance(by, House) else Denied(_("Sessions that have run out are forgotten by themselves."))


Duty = Callable[[Person], Decision]
_duties: list[Duty] = []


def duty(function: Duty) -> Duty:
    """Make `function(person)` one of those that are asked before somebody is erased.

    The floors above know what people are bound to, which this one does not: each says so of its own.
    """
    _duties.append(function)
    return function


def is_free_to_go(person: Person) -> Decision:
    """No duty that others would be left with stands against erasing this person."""
    for each in _duties:
        if not (decision := each(person)):
            return decision
    return Allowed


def may_ask_erasure(by: Actor, person: Person, *, asked: bool) -> Decision:
    """Each for themselves; those who run the system, upon a letter, for somebody who cannot sign in."""
    if not isinstance(by, House) and by.person_key != str(person.key):
        return Denied(_("Only the person concerned can ask for this."))
    if not person.is_active:
        return Denied(_("This account has been closed."))
    if asked:
        return Denied(_("This has been asked for already. It is done by itself when the waiting time is over."))
    return is_free_to_go(person)


def may_vouch_for_letter(person: Person, seen_by: Sequence[Person]) -> Decision:
    """Two people look at a letter, neither of them the one whom it would erase: a forged one could end an account."""
    if len({each.pk for each in seen_by if each.is_active} - {person.pk}) < 2:
        return Denied(_("Two people of the participation office must have looked at the letter, and not its writer."))
    return Allowed


def may_cancel_erasure(by: Actor, erasure: Erasure) -> Decision:
    """Until the waiting is over, the person concerned may think better of it."""
    if not isinstance(by, House) and by.person_key != str(erasure.person.key):
        return Denied(_("Only the person concerned can stop this."))
    if erasure.cancelled_at is not None:
        return Denied(_("This has been stopped already; nothing is erased."))
    if erasure.begun_id is not None:
        return Denied(_("The waiting time is over and the erasing has begun. It cannot be undone."))
    return Allowed


def may_begin_erasure(by: Actor, erasure: Erasure) -> Decision:
    """The calendar begins it, unless the person is bound by now to something that others would be left with."""
    if not isinstance(by, House):
        return Denied(_("Erasing begins by itself when the waiting time is over."))
    if erasure.cancelled_at is not None or erasure.begun_id is not None:
        return Denied(_("This was stopped, or has begun already."))
    if erasure.due > clock.now():
        return Denied(_("The waiting time is not over."))
    return is_free_to_go(erasure.person)


def may_erase(by: Actor, erasure: Erasure, *, let_go: bool) -> Decision:
    """The person's own row comes last: until then the floors above still have to find what is theirs."""
    if not isinstance(by, House):
        return Denied(_("Erasing goes on by itself."))
    if erasure.begun_id is None or erasure.done_at is not None:
        return Denied(_("This has not begun, or is done already."))
    return Allowed if let_go else Denied(_("Some parts of the house have not let go of this person yet."))


def may_forget_person(by: Actor) -> Decision:
    """Each floor lets go of whoever is being erased."""
    return Allowed if isinstance(by, House) else Denied(_("Erasing goes on by itself."))
