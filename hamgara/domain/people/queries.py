"""Persons by key, phone or mail, and the links that are spent."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet

from hamgara import clock
from hamgara.domain.people.models import Person, SignInLink


def by_key(key: str) -> Person | None:
    """The person with this pseudonymous key, if not erased."""
    return Person.objects.filter(key=key).first()


def by_phone(phone: str) -> Person | None:
    """The person whose number, in E.164, this is."""
    return Person.objects.filter(phone=phone).first()


def by_email(email: str) -> Person | None:
    """The person whose mail address this is."""
    return Person.objects.filter(email__iexact=email).first()


SPENT_LINKS_KEPT = timedelta(days=30)  # charter/retention.yaml says why


def forgettable_links() -> QuerySet[SignInLink]:
    """Links that have signed nobody in for so long, and never will, that nobody asks about them any more."""
    before = clock.now() - SPENT_LINKS_KEPT
    return SignInLink.objects.filter(Q(used_at__lt=before) | Q(expires_at__lt=before))
