"""A made-up city's lives leave what the commands would have left: the same acts, done by them, give the same rows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import translation

from hamgara.cli import seed
from hamgara.cli.seed import minding, promising, telling, world
from hamgara.domain.ledger.commands import Act
from hamgara.domain.people import commands as people
from tests.platform import seeding

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 8, 20, tzinfo=UTC)
SIZE = world.Size(demands=16, people=30, organisations=6, accredited=6, years=0.9)
SEED = 108  # in whose few lives every kind of act occurs
# What is rare in a city happens here often, so that it happens at all.
OFTEN = {
    telling: {"CARRIED": 0.15, "DECLINED": 0.25, "APPEALED": 0.8, "WITHDRAWN": 0.1, "ROUTED": 0.2, "EXPLAINED": 0.2},
    promising: {"BY_BODIES": 0.15, "TOGETHER": 0.15, "GIVEN_UP": 0.1, "DATE_CHANGED": 0.3, "VERDICTS": 0.7},
}
MORE = {
    minding: {"HARMFUL": 0.6, "DISLIKED": 0.9, "NAMES_REPORTED": 0.9, "SLOW_DECISION": 0.4, "APPEALED": 0.7}
    | {"RESTORED": 0.3, "GRANTED": 0.5, "HIDDEN": {True: 0.5, False: 0.5}},
    telling: {"AUTHOR_SAYS": 0.8, "AUTHOR_DENIES": 0.5, "REOPENED": 0.3, "SLOW_ANSWER": 0.3, "SLOW_TRIAGE": 0.2},
    promising: {"STEPS_BACK": 0.15, "AUTHOR_GIVES_WORDS": 0.5, "FOUND": {"kept": 4, "partly": 2, "broken": 4}},
}


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _chances(monkeypatch: pytest.MonkeyPatch) -> None:
    for shares in (OFTEN, MORE):
        for module, values in shares.items():
            for name, value in values.items():
                monkeypatch.setattr(module, name, value)


def drawn_alike(patch: pytest.MonkeyPatch) -> None:
    """Let the keys of the sample's people come out the same in both cities."""
    keys = random.Random(3)
    patch.setattr(people, "uuid", SimpleNamespace(uuid4=lambda: UUID(int=keys.getrandbits(128), version=4), UUID=UUID))


def test_the_commands_do_the_same_acts_and_leave_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    acts: list[Act] = []
    write_down = seed._write_down

    def kept(tellings: list[telling.Telling]) -> None:
        acts.extend(act for one in tellings for life in one.lives() for act in life.acts)
        write_down(tellings)

    monkeypatch.setattr(seed, "_write_down", kept)
    with undone():
        drawn_alike(monkeypatch)
        seed.fill(SIZE, SEED, NOW, say=lambda line: None)
        bulk_rows, bulk_entries = seeding.rows(), seeding.opened()
    nonces = {dict(row)["review"]: dict(row)["value"] for row in bulk_rows["Nonce"]}
    named = {dict(row)["code"] for row in bulk_rows["Demand"] if dict(row)["show_name"]}
    doing = seeding.Doing(monkeypatch, nonces, named)
    drawn_alike(monkeypatch)
    with translation.override("fa"):
        founding = world.Founding(random.Random(SEED), SIZE, NOW, lambda line: None)
        for term in founding.terms:
            founding.begin(term)
            for act in sorted(acts, key=lambda act: act.at):
                if term.begin <= act.at < term.end:
                    doing.do(act)
    assert {act.event.KIND for act in acts} >= seeding.SIMPLE.keys() - {"oversight.lapsed"}
    assert {act.event.KIND for act in acts} >= {"demands.taken", "demands.handed_over"}
    assert seeding.opened() == bulk_entries
    found = seeding.rows()
    for name, rows in bulk_rows.items():
        assert found[name] == rows, name
