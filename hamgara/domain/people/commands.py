"""What is done with persons: register, change one's profile, take up a number, sign in by link."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.algorithms.persian.text import clean, sort_key
from hamgara.domain.ledger.commands import Act, Invalid, batch, command, record, record_all, require
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.people import events, policies, queries
from hamgara.domain.people.models import Person, SignInLink

NAME_LENGTH = 80
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
    if email and queries.by_email(email) is not None:
        raise Invalid({"email": _("This address belongs to somebody who has signed up already.")})
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
