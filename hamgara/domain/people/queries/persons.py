"""Persons by key, phone or mail, the links and sessions that have run out, and who is to be erased."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from hamgara import clock
from hamgara.domain.people.models import Erasure, Person, Session, SignInLink
from hamgara.integrations import phones


def by_key(key: str) -> Person | None:
    """The person with this pseudonymous key, if not erased."""
    return Person.objects.filter(key=key).first()


def by_phone(phone: str) -> Person | None:
    """The person whose number, in E.164, this is."""
    return Person.objects.filter(phone=phone).first()


def by_email(email: str) -> Person | None:
    """The person whose mail address this is."""
    return Person.objects.filter(email__iexact=email).first()


def by_contact(typed: str) -> Person | None:
    """The person whose number or mail address this is, however it was typed."""
    typed = typed.strip()
    return by_email(typed) if "@" in typed else by_phone(phones.mobile(typed) or typed)


SPENT_LINKS_KEPT = timedelta(days=30)  # charter/retention.yaml says why


def forgettable_links() -> QuerySet[SignInLink]:
    """Links that have signed nobody in for so long, and never will, that nobody asks about them any more."""
    before = clock.now() - SPENT_LINKS_KEPT
    return SignInLink.objects.filter(Q(used_at__lt=before) | Q(expires_at__lt=before))


def forgettable_sessions() -> QuerySet[Session]:
    """Devices on which nobody is signed in any more: their time has run out."""
    return Session.objects.filter(expire_date__lt=clock.now())


def wish_to_be_erased(person: Person) -> Erasure | None:
    """What somebody has asked for and not stopped."""
    return Erasure.objects.filter(person=person, cancelled_at=None).first()


def erasure(key: str) -> Erasure:
    """The erasure of an entry."""
    return Erasure.objects.select_related("person").get(key=key)


def erasures_due() -> QuerySet[Erasure]:
    """Those whose waiting is over."""
    return Erasure.objects.filter(cancelled_at=None, begun=None, due__lte=clock.now()).order_by("due", "pk")


def erasures_begun() -> QuerySet[Erasure]:
    """Those that wait until every floor has let go of the person."""
    return Erasure.objects.filter(done_at=None).exclude(begun=None).select_related("begun").order_by("due", "pk")


def addresses(person: Person) -> list[str]:
    """Every number and mail address at which this person is reached."""
    mails = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    return [each for each in {person.phone, person.email, *mails} if each]
