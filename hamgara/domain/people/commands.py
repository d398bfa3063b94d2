"""What is done with persons: register, change one's profile, take up a number, sign in by link, be erased."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.algorithms.persian.text import clean, sort_key
from hamgara.domain.ledger.commands import (
    Act,
    Invalid,
    batch,
    command,
    darken,
    record,
    record_all,
    refuse_replay,
    require,
)
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.jobs import everybody_has_read
from hamgara.domain.people import events, policies, queries
from hamgara.domain.people.models import Erasure, Person, Session, SignInLink

NAME_LENGTH = LETTER_LENGTH = 80
LANGUAGES = ("fa", "en")


@dataclass(frozen=True)
class Self:
    """A person who acts for themselves alone, before or without any mandate."""

    person_key: str
    body: None = None
    role: None = None
    once: None = None


def _checked_name(name: str) -> str:
    """A name as it will stand, on one line."""
    name = " ".join(clean(name).split())
    if len(name) > NAME_LENGTH:
        raise Invalid({"name": _("This name is too long: at most %(count)d characters.") % {"count": NAME_LENGTH}})
    return name


def _free_phone(phone: str | None, person: Person | None = None) -> str | None:
    """The number, if nobody else has it."""
    if phone and (holder := queries.by_phone(phone)) is not None and holder != person:
        raise Invalid({"phone": _("This number belongs to somebody who has signed up already.")})
    return phone


def _free_email(email: str | None, person: Person | None = None) -> None:
    """Nobody else has this address."""
    if email and (holder := queries.by_email(email)) is not None and holder != person:
        raise Invalid({"email": _("This address belongs to somebody who has signed up already.")})


@command
def register(
    *,
    by: Actor,
    name: str,
    phone: str | None = None,
    email: str | None = None,
    phone_verified: bool = False,
    key: uuid.UUID | None = None,
) -> Person:
    """Make a person known to the house."""
    key = key or uuid.uuid4()
    require(policies.may_register(by, str(key)))
    _free_email(email)
    person = Person(
        key=key, name=_checked_name(name), phone=_free_phone(phone), email=email, phone_verified=phone_verified
    )
    person.set_unusable_password()
    person.save()
    record(events.Registered(person=str(person.key)), by=by)
    return person


@dataclass(frozen=True)
class PastPerson:
    """Somebody whom the city's earlier records name; `once` is the same whenever the same row comes again."""

    once: uuid.UUID
    key: uuid.UUID
    name: str = ""
    phone: str | None = None
    email: str | None = None


@batch
def take_over(*, by: House, past: Sequence[PastPerson], source: str) -> list[Person]:
    """Take people over from earlier records. Nothing is sent to them until they sign in and wish for it."""
    require(policies.may_take_over(by))
    people = [
        Person(
            key=each.key,
            name=_checked_name(each.name),
            name_sort=sort_key(_checked_name(each.name)),
            phone=each.phone or None,
            email=(each.email or "").strip().lower() or None,
            sms_notices=False,
            mail_notices=False,
        )
        for each in past
    ]
    for person in people:
        person.set_unusable_password()
    Person.objects.bulk_create(people)
    now = clock.now()
    record_all(
        Act(events.TakenOver(person=str(each.key), source=source), replace(by, once=each.once), now) for each in past
    )
    return people


@command
def change_profile(
    *, by: Actor, person: Person, name: str, language: str, sms_notices: bool, mail_notices: bool
) -> Person:
    """Change what a person wishes to be called and how they wish to be told of news."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    require(policies.may_change_profile(by, person))
    name = _checked_name(name)
    if language not in LANGUAGES:
        raise Invalid({"language": _("Choose one of the languages offered.")})
    wished = {"name": name, "language": language, "sms_notices": sms_notices, "mail_notices": mail_notices}
    changed = [field for field, value in wished.items() if getattr(person, field) != value]
    for field in changed:
        setattr(person, field, wished[field])
    person.save()
    record(events.ProfileChanged(person=str(person.key), changed=changed), by=by)
    return person


@command
def set_phone(*, by: Actor, person: Person, phone: str, verified: bool) -> Person:
    """Take up a mobile number, or note that its holder has shown it to be theirs."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    require(policies.may_change_profile(by, person))
    person.phone, person.phone_verified = _free_phone(phone, person), verified
    person.save()
    record(events.ProfileChanged(person=str(person.key), changed=["phone"]), by=by)
    return person


@command
def set_email(*, by: Actor, person: Person, email: str | None) -> Person:
    """Take up a mail address that its holder has shown to be theirs, or let go of it; one signs in with it from now."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    require(policies.may_change_profile(by, person))
    email = (email or "").strip() or None
    if email is None and not (person.phone and person.phone_verified):
        raise Invalid({"email": _("This address is your only way to sign in. Add a mobile number first.")})
    person.email = email
    try:
        if email is not None:
            person.clean_fields(exclude={field.name for field in person._meta.fields} - {"email"})
    except ValidationError:
        raise Invalid({"email": _("This is not an e-mail address. Write it like name@example.org.")}) from None
    _free_email(email, person)
    person.save()
    # The way in by an address that was let go of is closed with it.
    EmailAddress.objects.filter(user=person).exclude(email=person.email or "").delete()
    record(events.ProfileChanged(person=str(person.key), changed=["email"]), by=by)
    return person


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@command
def issue_sign_in_link(*, by: Actor, person: Person) -> str:
    """Make a link that signs this person in once; return its token, which is kept nowhere."""
    require(policies.may_issue_link(by, person))
    token = secrets.token_urlsafe(24)
    SignInLink.objects.create(
        token_hash=_hash(token), person=person, expires_at=clock.now() + charter.period("people.sign_in_link_lasts")
    )
    record(events.SignInLinkIssued(person=str(person.key)), by=by)
    return token


@command
def use_sign_in_link(*, by: Actor, token: str) -> Person:
    """Use a link up and return whom it signs in."""
    link = SignInLink.objects.select_for_update(of=("self",)).select_related("person").filter(token_hash=_hash(token))
    found = link.first()
    require(policies.may_use(found))
    assert found is not None
    found.used_at = clock.now()
    found.save(update_fields=["used_at"])
    record(events.SignInLinkUsed(person=str(found.person.key)), by=by)
    return found.person


@command
def forget_links(*, by: Actor) -> int:
    """Delete the links that were spent long ago; return how many there were."""
    require(policies.may_forget_links(by))
    gone, _kinds = queries.forgettable_links().delete()
    if not gone:
        raise Invalid({"links": _("There is nothing to forget.")})
    record(events.LinksForgotten(count=gone), by=by)
    return gone


@command
def forget_sessions(*, by: Actor) -> int:
    """Delete the sessions whose time has run out; return how many there were."""
    require(policies.may_forget_sessions(by))
    gone, _kinds = queries.forgettable_sessions().delete()
    if not gone:
        raise Invalid({"sessions": _("There is nothing to forget.")})
    record(events.SessionsForgotten(count=gone), by=by)
    return gone


@command
def ask_erasure(*, by: Actor, person: Person, letter: str = "", seen_by: Sequence[Person] = ()) -> Erasure:
    """Ask to be erased; it is done when the charter's waiting time is over.

    `letter` is its number, if on paper, and `seen_by` are those of the office who looked whether it is the person's.
    """
    refuse_replay(by)
    person = Person.objects.select_for_update().get(pk=person.pk)
    require(policies.may_ask_erasure(by, person, asked=queries.wish_to_be_erased(person) is not None))
    if letter:
        require(policies.may_vouch_for_letter(person, seen_by))
    now = clock.now()
    due = now + charter.period("people.erasure_waits")
    erasure = Erasure.objects.create(
        person=person, letter=" ".join(clean(letter).split())[:LETTER_LENGTH], asked_at=now, due=due
    )
    record(
        events.ErasureAsked(
            person=str(person.key),
            erasure=str(erasure.key),
            due=due.isoformat(),
            by_letter=isinstance(by, House),
            seen_by=[str(each.key) for each in seen_by],
        ),
        by=by,
    )
    return erasure


def _locked(erasure: Erasure) -> Erasure:
    """The row as it is now, held until the command ends."""
    return Erasure.objects.select_for_update(of=("self",)).select_related("person", "begun").get(pk=erasure.pk)


@command
def cancel_erasure(*, by: Actor, erasure: Erasure) -> Erasure:
    """Think better of it, as long as the waiting time lasts."""
    erasure = _locked(erasure)
    require(policies.may_cancel_erasure(by, erasure))
    erasure.cancelled_at = clock.now()
    erasure.save()
    record(events.ErasureCancelled(person=str(erasure.person.key), erasure=str(erasure.key)), by=by)
    return erasure


def _signed_out(person: Person) -> None:
    """End every way in: devices, links, the second factor."""
    Session.objects.filter(person=person).delete()
    SignInLink.objects.filter(person=person).delete()
    Authenticator.objects.filter(user=person).delete()


@command
def begin_erasure(*, by: Actor, erasure: Erasure) -> Erasure:
    """Close the account and sign the person out everywhere; every floor now lets go of what is theirs."""
    erasure = _locked(erasure)
    require(policies.may_begin_erasure(by, erasure))
    person = erasure.person
    person.is_active = False
    person.save(update_fields=["is_active"])
    _signed_out(person)
    erasure.begun = record(events.ErasureBegun(erasure=str(erasure.key)), by=by)
    erasure.save()
    return erasure


@command
def erase(*, by: Actor, erasure: Erasure) -> Person:
    """Empty the person's own row and destroy what opens their commitments, when all floors have let go of them.

    The row stays without a name, so that what was said and counted stands; its key is a new one, which says nothing.
    """
    erasure = _locked(erasure)
    let_go = erasure.begun is not None and everybody_has_read(erasure.begun)
    require(policies.may_erase(by, erasure, let_go=let_go))
    person = erasure.person
    _signed_out(person)
    EmailAddress.objects.filter(user=person).delete()
    openings = darken(str(person.key))
    now = clock.now()
    person.key, person.name, person.phone, person.phone_verified, person.email = uuid.uuid4(), "", None, False, None
    person.language, person.sms_notices, person.mail_notices = LANGUAGES[0], False, False
    person.last_login, person.joined_at, person.erased_at = None, now, now
    person.set_unusable_password()
    person.save()
    erasure.letter, erasure.done_at = "", now
    erasure.save()
    record(events.Erased(erasure=str(erasure.key), openings=openings), by=by)
    return person
