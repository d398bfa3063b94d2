"""Persons by key, phone or mail."""

from __future__ import annotations

from hamgara.domain.people.models import Person


def by_key(key: str) -> Person | None:
    """The person with this pseudonymous key, if not erased."""
    return Person.objects.filter(key=key).first()


def by_phone(phone: str) -> Person | None:
    """The person whose number, in E.164, this is."""
    return Person.objects.filter(phone=phone).first()


def by_email(email: str) -> Person | None:
    """The person whose mail address this is."""
    return Person.objects.filter(email__iexact=email).first()
