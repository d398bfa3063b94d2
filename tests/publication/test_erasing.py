"""No file of the log tells anything personal, nor anybody's key; and erasing people leaves the whole log verifying."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamgara.cli import main
from hamgara.domain.ledger.jobs import sequence
from hamgara.domain.ledger.models import Opening
from hamgara.domain.people.models import Person
from hamgara.domain.publication import jobs
from tests.house import loop

pytestmark = pytest.mark.django_db


def test_what_is_published_tells_nothing_personal_and_verifies_after_an_erasure(log_root: Path) -> None:
    lived = loop.lived()
    sequence()
    jobs.publisher().step()
    published = {path: path.read_bytes() for path in log_root.rglob("*") if path.is_file()}
    told = b"".join(published.values())
    assert len(told) > 10_000
    assert not [secret for secret in lived.secrets if secret.encode() in told]
    assert not [key for key in Person.objects.values_list("key", flat=True) if str(key).encode() in told]

    gone, _models = Opening.objects.filter(person_key__in=[str(lived.author.key), str(lived.monitor.key)]).delete()
    assert gone > 5
    jobs.publisher().step()
    assert {path: path.read_bytes() for path in published} == published
    assert main(["ledger", "verify", str(log_root)]) == 0
