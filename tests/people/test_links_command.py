"""`hamgara links --for`: one link, for one person, by the number or address that they are known by."""

from __future__ import annotations

import argparse
import json

import pytest

from hamgara.cli import links
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.models import Entry
from hamgara.domain.people import commands, events
from hamgara.domain.people.models import Person, SignInLink
from tests import factories as make

pytestmark = pytest.mark.django_db


def told(*given: str) -> int:
    parser = argparse.ArgumentParser()
    links.add_arguments(parser)
    return links.run(parser.parse_args([*given, "--address", "https://city.example"]))


@pytest.fixture
def maryam() -> Person:
    return make.person(phone="+989131234567", email="maryam@example.org")


@pytest.mark.parametrize("typed", ["0913 123 4567", "۰۹۱۳۱۲۳۴۵۶۷", "+989131234567", "Maryam@Example.org"])
def test_one_link_signs_that_person_in(maryam: Person, typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    make.person()
    assert told("--for", typed) == 0
    [url] = capsys.readouterr().out.split()
    token = url.removeprefix("https://city.example/accounts/link/").strip("/")
    assert commands.use_sign_in_link(by=RULES, token=token) == maryam
    assert SignInLink.objects.count() == 1
    assert Entry.objects.filter(kind=events.SignInLinkIssued.KIND).count() == 1, "it is recorded"


def test_for_programs_it_is_json(maryam: Person, capsys: pytest.CaptureFixture[str]) -> None:
    assert told("--for", "maryam@example.org", "--json") == 0
    assert json.loads(capsys.readouterr().out)["url"].startswith("https://city.example/accounts/link/")


@pytest.mark.parametrize("typed", ["0912 000 0000", "nobody@example.org", "", "مریم"])
def test_nobody_gets_a_link_for_somebody_who_is_not_known(
    maryam: Person, typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told("--for", typed) == 1
    assert "Nobody is known" in capsys.readouterr().err
    assert not SignInLink.objects.exists()


def test_a_closed_account_gets_no_link(maryam: Person, capsys: pytest.CaptureFixture[str]) -> None:
    Person.objects.filter(pk=maryam.pk).update(is_active=False)
    assert told("--for", "maryam@example.org") == 1
    assert capsys.readouterr().err.strip()
    assert not SignInLink.objects.exists()
