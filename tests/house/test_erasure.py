"""What is personal stands in no entry, and whatever the openings hold goes with the person whom it is about."""

from __future__ import annotations

import dataclasses

import pytest

from hamgara.algorithms import canonical, commitment
from hamgara.domain.ledger.models import Entry, Opening
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
