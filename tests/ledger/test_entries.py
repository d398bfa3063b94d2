"""An entry is its canonical bytes; what is personal stands beside it and can go; the entry itself never changes."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from hamgara.algorithms import canonical, commitment
from hamgara.domain.ledger import queries
from hamgara.domain.ledger.events import CLOCK, KINDS
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry, Heartbeat, Opening, Position
from hamgara.domain.people.commands import Self
from tests import factories as make
from tests.ledger.acts import Somebody, say, tell

pytestmark = pytest.mark.django_db

WORDS = 'برایم «می‌نویسم» €\U0001f54a\n"\\/ é e\u0301'


def commitments(entry: Entry) -> dict[str, str]:
    """Every commitment in an entry, by the path of its field."""
    body = entry.body
    found = {"by.person": body["by"]["person"]} | {f"data.{name}": value for name, value in body["data"].items()}
    return {path: value["commitment"] for path, value in found.items() if isinstance(value, dict)}


# --- canonical bytes -------------------------------------------------------------------------------------------------


def test_an_entry_is_the_canonical_bytes_of_what_it_says() -> None:
    entry = say(by=Somebody(body="office", role="officer"), thing="الف", words=WORDS, name="مریم")
    stored = bytes(Entry.objects.get(pk=entry.pk).canonical)
    assert canonical.encode(canonical.decode_strict(stored)) == stored
    assert canonical.decode_strict(stored) == json.loads(stored) == entry.body


def test_an_entry_says_what_kind_when_by_whom_and_what() -> None:
    entry = Entry.objects.get(pk=say(by=Somebody(body="office", role="officer"), thing="الف", words=None).pk)
    body = entry.body
    assert body.keys() == {"format", "kind", "at", "by", "data"}
    assert (body["format"], body["kind"]) == (1, "tests.said")
    assert body["at"] == entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    assert (body["by"]["body"], body["by"]["role"]) == ("office", "officer")
    assert body["data"] == {"thing": "الف", "words": None, "name": None}
    assert entry.subjects == ["thing:الف"]


def test_the_moment_is_written_in_utc_whatever_clock_the_act_was_done_by() -> None:
    with make.standing(2026, 5, 1, 1):
        entry = say(by=CLOCK, thing="شب")
    assert entry.body["at"] == "2026-04-30T21:30:00.000000+00:00"


def test_what_has_no_canonical_form_is_not_recorded() -> None:
    for odd in (float("nan"), "\ud800", 2**60, {1: "one"}):
        with pytest.raises(canonical.NotCanonical):
            say(by=CLOCK, thing="x", words=odd)
    assert not Entry.objects.exists()
    assert not Heartbeat.objects.exists()


def test_the_house_acts_without_a_person() -> None:
    entry = say(by=CLOCK, thing="نیمه‌شب", words=None)
    assert entry.body["by"] == {"person": None, "body": None, "role": "clock"}
    assert not entry.openings.exists()


# --- personal fields -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [WORDS, "", 0, 913, False, ["یک", 2, None], {"نام": "مریم", "a": [1]}])
def test_a_personal_value_stands_in_the_entry_only_as_a_commitment_that_its_opening_opens(value: Any) -> None:
    entry = Entry.objects.get(pk=say(by=Somebody(), thing="p", words=value, name="مریم رضایی").pk)
    stands = commitments(entry)
    openings = {opening.field: opening for opening in entry.openings.all()}
    assert stands.keys() == openings.keys() == {"by.person", "data.words", "data.name"}
    for field, opening in openings.items():
        assert commitment.opens(stands[field], field, opening.value, bytes(opening.salt))
        assert len(bytes(opening.salt)) == 32
    assert openings["data.words"].value == value
    for secret in ("مریم رضایی", "key-of-maryam"):
        assert secret.encode() not in bytes(entry.canonical)
        assert json.dumps(secret).strip('"').encode() not in bytes(entry.canonical)


def test_a_commitment_opens_with_nothing_but_its_own_field_value_and_salt() -> None:
    entry = say(by=Somebody(), thing="p", words="بله", name="بله")
    words, name = (entry.openings.get(field=f"data.{field}") for field in ("words", "name"))
    stands = commitments(entry)
    assert stands["data.words"] != stands["data.name"]
    assert not commitment.opens(stands["data.words"], "data.words", "نه", bytes(words.salt))
    assert not commitment.opens(stands["data.words"], "data.words", "بله", bytes(name.salt))
    assert not commitment.opens(stands["data.words"], "data.name", "بله", bytes(words.salt))


def test_the_same_words_twice_leave_nothing_to_compare() -> None:
    one, two = (say(by=Somebody(), thing=part, words="همان", name="همان") for part in "ab")
    assert not set(commitments(one).values()) & set(commitments(two).values())


def test_what_was_not_said_needs_no_opening() -> None:
    entry = say(by=Somebody(), thing="p", words=None)
    assert [opening.field for opening in entry.openings.all()] == ["by.person"]


def test_an_opening_goes_with_the_person_it_is_about() -> None:
    entry = tell(by=Somebody("key-of-officer"), person="key-of-ali", words=None)
    owners = dict(entry.openings.values_list("field", "person_key"))
    assert owners == {"by.person": "key-of-officer", "data.person": "key-of-ali"}
    note = say(by=Somebody("key-of-maryam"), thing="p", words="سخن")
    assert set(note.openings.values_list("person_key", flat=True)) == {"key-of-maryam"}


def test_erasing_a_person_leaves_every_entry_valid() -> None:
    entry = say(by=Somebody(), thing="p", words="سخن", name="مریم")
    other = say(by=Somebody("key-of-ali"), thing="q", words="سخن", name="علی")
    catch_up()
    before = {each.pk: bytes(each.canonical) for each in Entry.objects.all()}
    Opening.objects.filter(person_key="key-of-maryam").delete()
    assert {each.pk: bytes(each.canonical) for each in Entry.objects.all()} == before
    kept = Entry.objects.get(pk=entry.pk)
    assert not kept.openings.exists()
    assert canonical.decode_strict(bytes(kept.canonical)) == entry.body
    assert kept.data["thing"] == "p"
    assert other.openings.count() == 3
    assert [each.entry_id for each in Position.objects.order_by("number")] == [entry.pk, other.pk]


def test_personal_fields_are_fields() -> None:
    for kind, event in KINDS.items():
        named = set(event.__dataclass_fields__)  # type: ignore[attr-defined]
        assert named >= event.PERSONAL, kind
        assert event.ABOUT is None or event.ABOUT in event.PERSONAL, kind


def test_what_really_happens_leaves_no_personal_value_in_the_record() -> None:
    maryam = make.person("مریم رضایی", phone="+989131234567", email="maryam@example.org", phone_verified=True)
    author = make.acting(maryam)
    body = make.organisation("انجمن همسایه‌ها", head=maryam)
    make.mandate(body, maryam, "representative")
    make.admitted(author, title="چراغ کوچهٔ ما", text="خانهٔ ما تاریک است")
    make.people.change_profile(
        by=Self(str(maryam.key)), person=maryam, name="زهرا", language="en", sms_notices=False, mail_notices=True
    )
    told = b"".join(bytes(entry.canonical) for entry in Entry.objects.all())
    for secret in ("مریم", "زهرا", "9131234567", "maryam@example.org", str(maryam.key), "تاریک"):
        assert secret.encode() not in told


# --- what stands, stands ---------------------------------------------------------------------------------------------


@pytest.fixture
def ordered() -> Entry:
    entry = say(by=Somebody(), thing="p", words="سخن")
    catch_up()
    return Entry.objects.get(pk=entry.pk)


def test_the_database_refuses_to_change_or_delete_an_entry(ordered: Entry) -> None:
    for change in (
        lambda: Entry.objects.filter(pk=ordered.pk).update(canonical=b"{}"),
        lambda: Entry.objects.filter(pk=ordered.pk).update(at=F("at")),
        lambda: Entry.objects.update(subjects=[]),
        ordered.save,
    ):
        with pytest.raises(IntegrityError, match="the ledger only grows"), transaction.atomic():
            change()
    with pytest.raises(IntegrityError, match="DELETE of ledger_entry"), transaction.atomic():
        Entry.objects.all()._raw_delete("default")


def test_the_database_refuses_to_change_or_delete_a_position(ordered: Entry) -> None:
    with pytest.raises(IntegrityError, match="UPDATE of ledger_position"), transaction.atomic():
        Position.objects.update(number=F("number") + 1)
    with pytest.raises(IntegrityError, match="DELETE of ledger_position"), transaction.atomic():
        Position.objects.all().delete()


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_position"])
def test_the_database_refuses_to_empty_the_ledger(ordered: Entry, table: str) -> None:
    # Tests that commit are cleaned up by emptying tables, so the guard is off in the test database (tests/conftest.py).
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} ENABLE TRIGGER {table}_not_emptied")
        with pytest.raises(IntegrityError, match=f"TRUNCATE of {table}"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_not_emptied")
    assert Entry.objects.get().pk == ordered.pk


# --- reading ---------------------------------------------------------------------------------------------------------


def test_what_has_no_subject_is_in_the_order_but_nobodys_reading() -> None:
    hidden = tell(by=Somebody(), person="key-of-ali", words="سلام")
    shown = say(by=Somebody(), thing="p")
    catch_up()
    assert [each.entry_id for each in Position.objects.order_by("number")] == [hidden.pk, shown.pk]
    assert [each.entry_id for each in queries.public_acts()] == [shown.pk]
    assert list(queries.about("thing:p")) == [shown]
