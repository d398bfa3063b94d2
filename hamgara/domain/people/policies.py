"""Who may do what with persons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hamgara import clock
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.people.models import Person, SignInLink


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
