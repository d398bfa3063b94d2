"""What is personal stands in no entry, and whatever the openings hold goes with the person whom it is about."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection

from hamgara.algorithms import canonical, commitment
from hamgara.channels.models import Notice
from hamgara.domain.demands.models import Comment, Demand
from hamgara.domain.ledger.models import Entry, Opening
from hamgara.domain.organisations.models import Mandate
from hamgara.domain.oversight.models import Monitor
from hamgara.domain.people.models import Session, SignInLink
from tests.house import loop
from tests.house.test_events import EVENTS


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.KIND)
def test_an_event_about_a_person_says_so(event: type) -> None:
    if "person" in {field.name for field in dataclasses.fields(event)}:
        assert event.ABOUT == "person", "or the field would go with whoever acted, and not with this person"  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_whole_loop_leaves_no_personal_word_in_the_ledger() -> None:
    lived = loop.lived()
    for entry in Entry.objects.all():
        said = bytes(entry.canonical).decode()
        told = [secret for secret in lived.secrets if secret in said or secret in " ".join(entry.subjects)]
        assert not told, f"{entry.kind} tells {told}"


@pytest.mark.django_db
def test_each_opening_opens_its_commitment_and_belongs_to_somebody() -> None:
    loop.lived()
    for opening in Opening.objects.select_related("entry"):
        part, _dot, name = opening.field.partition(".")
        committed = opening.entry.body[part][name]["commitment"]
        assert commitment.opens(committed, opening.field, opening.value, bytes(opening.salt))
        assert opening.person_key, f"nobody's erasure darkens {opening.field} of {opening.entry.kind}"


@pytest.mark.django_db
def test_erasing_people_leaves_nothing_of_them_and_every_entry_valid() -> None:
    lived = loop.lived()
    before = {entry.pk: bytes(entry.canonical) for entry in Entry.objects.all()}
    people = [lived.author, lived.monitor]
    Opening.objects.filter(person_key__in=[str(person.key) for person in people]).delete()
    left = [str(value) for value in Opening.objects.values_list("value", flat=True)]
    # What reviewers found is theirs, and stays with them.
    assert not [secret for secret in lived.secrets if secret != loop.FINDINGS and any(secret in each for each in left)]
    for entry in Entry.objects.all():
        assert bytes(entry.canonical) == before[entry.pk]
        canonical.decode_strict(bytes(entry.canonical))


# --- somebody is erased ----------------------------------------------------------------------------------------------


def everywhere() -> list[tuple[str, str]]:
    """(column, everything that stands in it) of every table of the database that can hold words."""
    told = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY', 'uuid', 'inet', 'xml')"
            " AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')"
        )
        for table, column, kind in cursor.fetchall():
            shown = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(f"SELECT coalesce(string_agg({shown}, chr(10)), '') FROM \"{table}\"")
            told.append((f"{table}.{column}", cursor.fetchone()[0]))
    return told


def in_bytes(word: str) -> str:
    """A word as PostgreSQL shows it among bytes."""
    return "".join(chr(b) if b < 128 else f"\\{b:03o}" for b in word.encode())


def where(secret: str) -> set[str]:
    forms = {secret, in_bytes(secret), json.dumps(secret)[1:-1]}
    return {column for column, told in everywhere() if any(form in told for form in forms)}


def in_public() -> set[tuple[str, str]]:
    """All words that everybody may read."""
    demands = Demand.objects.exclude(state__in=Demand.UNPUBLISHED)
    return {*demands.values_list("title", "text"), *Comment.objects.filter(hiding=None).values_list("text", "key")}


@pytest.fixture
def planted(settings: Any) -> loop.Loop:
    """Somebody who did everything that can be done here, so that they stand wherever a person can stand."""
    lived = loop.lived()
    loop.left_everywhere(lived.author)
    return lived


@pytest.mark.django_db
def test_the_search_through_all_tables_finds_what_is_there(planted: loop.Loop) -> None:
    assert {"people_person.name", "ledger_opening.value"} <= where(loop.NAME) | where(str(planted.author.key))
    assert {"people_person.phone", "channels_message.address", "imports_badrow.cells"} <= where(loop.PHONE)
    assert {"people_person.email", "account_emailaddress.email"} <= where(loop.MAIL)
    assert "demands_demand.address" in where(loop.ADDRESS)
    assert {"organisations_mandate.end_reason", "ledger_opening.value"} <= where(loop.LAID_DOWN)
    assert "ledger_entry.canonical" in where('"format":1')
    assert Session.objects.filter(person=planted.author).exists()
    assert Authenticator.objects.filter(user=planted.author).exists()


@pytest.mark.django_db
def test_of_whoever_was_erased_nothing_is_left_in_any_table_and_all_counts_stay(planted: loop.Loop) -> None:
    author = planted.author
    entries = {entry.pk: bytes(entry.canonical) for entry in Entry.objects.all()}
    counted = loop.counts()
    said = in_public()
    key = str(author.key)

    loop.erase(author)

    words = [loop.ADDRESS, loop.UNREAD, loop.VOICE, loop.LAID_DOWN]
    secrets = [loop.NAME, loop.PHONE, loop.PHONE[3:], loop.MAIL, key, *words]
    assert not {secret: left for secret in secrets if (left := where(secret))}
    assert loop.counts() == counted
    assert in_public() == said
    for pk, written in entries.items():
        assert bytes(Entry.objects.get(pk=pk).canonical) == written
        canonical.decode_strict(written)
    for opening in Opening.objects.select_related("entry"):
        part, _dot, name = opening.field.partition(".")
        committed = opening.entry.body[part][name]["commitment"]
        assert commitment.opens(committed, opening.field, opening.value, bytes(opening.salt))
    for model in (Mandate, Monitor, Notice, Session, SignInLink, Authenticator, EmailAddress):
        field = "user" if model in (Authenticator, EmailAddress) else "person"
        assert not model._default_manager.filter(**{field: author}).exists(), model
