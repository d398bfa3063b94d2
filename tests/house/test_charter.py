"""The charter is whole, each of its rules is obeyed somewhere, and changing one changes page and code alike."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from django.test import Client
from markupsafe import escape

from hamgara import charter, clock
from hamgara.domain.ledger.events import FOUNDERS, KINDS
from hamgara.domain.people import commands
from hamgara.domain.people.models import SignInLink
from tests import factories as make
from tests.house import source

CHAPTERS = charter.chapters()
RULES = {rule.name: rule for chapter in CHAPTERS for rule in chapter.rules}
NAME = re.compile(rf"({'|'.join(chapter.name for chapter in CHAPTERS)})\.(?!yaml|csv)[a-z_]+")
# Functions whose first words name something else than a rule: a follower, a job of the calendar.
OTHER_NAMES = {"follower", "task", "periodic"}
ASKING = {"number", "period", "day_after", "day_before", "share", "choices", "rule"}


@cache
def constants() -> dict[str, str]:
    """Every text of the code that could name a rule, with a place where it stands."""
    found: dict[str, str] = {}
    for path in source.files():
        other = {
            each.value
            for node in ast.walk(source.tree(path))
            if source.called(node) in OTHER_NAMES
            for each in ast.walk(node)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        }
        for node in ast.walk(source.tree(path)):
            value = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and NAME.fullmatch(value) and value not in other:
                found.setdefault(value, f"{source.name(path)}:{node.lineno}")
    return found


def asked() -> Iterator[tuple[str, str]]:
    """(rule, place) of every `charter.number("…")` and its like."""
    for path in source.files():
        for node in ast.walk(source.tree(path)):
            if not isinstance(node, ast.Call) or source.called(node) not in ASKING or not node.args:
                continue
            owner, name = getattr(node.func, "value", None), node.args[0]
            if isinstance(owner, ast.Name) and owner.id in {"charter", "rules"} and isinstance(name, ast.Constant):
                yield str(name.value), f"{source.name(path)}:{node.lineno}"


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_has_its_title_and_reason_in_both_languages(rule: charter.Rule) -> None:
    for words in (rule.title, rule.reason, *(rule.value.values() if rule.unit == "choices" else ())):
        assert words.keys() == {"en", "fa"}
        assert all(text.strip() for text in words.values())


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_a_chapter_has_its_title_in_both_languages(chapter: charter.Chapter) -> None:
    assert chapter.title.keys() == {"en", "fa"}


def test_the_persian_has_persian_letters_and_digits() -> None:
    for rule in RULES.values():
        for text in (rule.title["fa"], rule.reason["fa"]):
            assert not re.search("[يك0-9٠-٩]", text), f"{rule.name}: {text}"


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_obeyed_somewhere(rule: str) -> None:
    assert rule in constants(), "the charter promises this and no code reads it"


def test_every_rule_that_the_code_obeys_is_in_the_charter() -> None:
    unknown = [(name, place) for name, place in asked() if name not in RULES]
    unknown += [(name, place) for name, place in constants().items() if name not in RULES and name not in KINDS]
    assert not unknown


def changed(tmp_path: Path, rule: str, old: str, new: str) -> Path:
    """A copy of the charter in which one rule has another value."""
    text = (charter.FOLDER / "rules.yaml").read_text(encoding="utf-8")
    before, found, after = text.partition(f"    {rule}:\n      value: {old}\n")
    assert found
    copy = tmp_path / "rules.yaml"
    copy.write_text(f"{before}    {rule}:\n      value: {new}\n{after}", encoding="utf-8")
    return copy


@pytest.mark.django_db
def test_changing_a_rule_changes_what_the_code_does(tmp_path: Path) -> None:
    who = make.person()

    def lasts() -> timedelta:
        with clock.standing_at(clock.now()):
            now = clock.now()
            commands.issue_sign_in_link(by=FOUNDERS, person=who)
            return SignInLink.objects.latest("pk").expires_at - now

    assert lasts() == timedelta(hours=24)
    with charter.reading_from(changed(tmp_path, "sign_in_link_lasts", "24", "7")):
        assert lasts() == timedelta(hours=7)


@pytest.mark.django_db
def test_changing_the_holidays_changes_the_deadline_and_the_page(tmp_path: Path, client: Client) -> None:
    rules = changed(tmp_path, "sign_in_link_lasts", "24", "24")
    days = (charter.FOLDER / "holidays.yaml").read_text(encoding="utf-8")
    published = "published:\n  1405:\n    source: {en: Gazette, fa: روزنامه}\n    days: [1405/08/17]\n"
    (tmp_path / "holidays.yaml").write_text(days.replace("published: {}\n", published), encoding="utf-8")
    with make.standing(2026, 11, 7):  # 16 Aban 1405
        assert make.demand().deadline == date(2026, 11, 10)
        assert "برآورد" in client.get("/charter/").content.decode()
        with charter.reading_from(rules):
            assert make.demand().deadline == date(2026, 11, 11)
            page = client.get("/charter/").content.decode()
    assert "روزنامه" in page
    assert "(برآورد)" not in page


@pytest.mark.django_db
def test_changing_a_rule_changes_the_page(tmp_path: Path, client: Client) -> None:
    before = client.get("/charter/").content.decode()
    with charter.reading_from(changed(tmp_path, "sign_in_link_lasts", "24", "7")):
        after = client.get("/charter/").content.decode()
    assert after.count("۷ ساعت") == before.count("۷ ساعت") + 1
    assert after.count("۲۴ ساعت") == before.count("۲۴ ساعت") - 1


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_page_shows_every_rule_with_its_reason(client: Client, language: str) -> None:
    client.cookies["language"] = language
    page = client.get("/charter/").content.decode()
    for rule in RULES.values():
        assert f'id="{rule.name}"' in page
        assert str(escape(rule.title[language])) in page, rule.name
        assert str(escape(rule.reason[language])) in page, rule.name
