"""`hamgara messages`: collects what the sources say, keeps the Persian beside it, and finds what is missing."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from hamgara.cli import messages

PAGE = """{{ _("Send") }}
{% trans count=n %}{{ count }} demand{% pluralize %}{{ count }} demands{% endtrans %}
"""
CODE = """from django.utils.translation import gettext_lazy as _, pgettext_lazy
SENT = _("Sent to %(name)s")
MONTH = pgettext_lazy("month", "May")
"""


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small house with a page, a module and no catalogue yet."""
    folder = tmp_path / "hamgara"
    (folder / "web" / "templates").mkdir(parents=True)
    (folder / "web" / "templates" / "page.html").write_text(PAGE)
    (folder / "code.py").write_text(CODE)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCES", folder)
    monkeypatch.setattr(messages, "CATALOGUE", tmp_path / "locale" / "fa" / "LC_MESSAGES" / "django.po")
    monkeypatch.setattr(messages, "COMPILED", tmp_path / "locale" / "fa" / "LC_MESSAGES" / "django.mo")
    return folder


def write(*entries: str) -> None:
    messages.CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    header = (
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"\n'
    )
    messages.CATALOGUE.write_text("\n".join((header, *entries)))


SEND = 'msgid "Send"\nmsgstr "فرستادن"\n'
SENT = '#, python-format\nmsgid "Sent to %(name)s"\nmsgstr "فرستاده شد به %(name)s"\n'
MONTH = 'msgctxt "month"\nmsgid "May"\nmsgstr "مه"\n'
COUNT = (
    '#, python-format\nmsgid "%(count)s demand"\nmsgid_plural "%(count)s demands"\n'
    'msgstr[0] "%(count)s خواسته"\nmsgstr[1] "%(count)s خواسته"\n'
)


def test_a_catalogue_with_all_of_it_passes(sources: Path) -> None:
    write(SEND, SENT, MONTH, COUNT)
    assert messages.check() == []


def test_messages_of_pages_and_code_are_found(sources: Path) -> None:
    write()
    assert sorted(messages.check()) == [
        f"not in the catalogue (run «make messages»): {shown}"
        for shown in ("'%(count)s demand'", "'May'", "'Send'", "'Sent to %(name)s'")
    ]


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (SEND.replace("فرستادن", ""), "without Persian: 'Send'"),
        ("#, fuzzy\n" + SEND, "Persian marked as doubtful: 'Send'"),
        (SEND.replace("فرستادن", "كتاب"), "«ك» is not Persian, write «ک»: 'Send'"),
    ],
)
def test_bad_persian_is_found(sources: Path, bad: str, problem: str) -> None:
    write(bad, SENT, MONTH, COUNT)
    assert messages.check() == [problem]


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ((SEND, SENT.replace("به %(name)s", ""), MONTH, COUNT), "Sent to %(name)s"),
        ((SEND, SENT.replace("به %(name)s", "به %(nam)s"), MONTH, COUNT), "Sent to %(name)s"),
        ((SEND, SENT, MONTH, COUNT.replace('[0] "%(count)s', '[0] "یک')), "%(count)s demand"),
    ],
)
def test_a_value_that_the_persian_leaves_out_or_invents_is_found(
    sources: Path, entries: tuple[str, ...], message: str
) -> None:
    write(*entries)
    problems = messages.check()
    assert problems
    assert all(problem.endswith(repr(message)) for problem in problems)


def test_what_no_source_says_any_more_is_found_and_dropped(sources: Path) -> None:
    write(SEND, SENT, MONTH, COUNT, 'msgid "Old"\nmsgstr "کهنه"\n')
    assert messages.check() == ["in no source any more (run «make messages»): 'Old'"]
    messages.update()
    assert messages.check() == []
    assert "کهنه" not in messages.CATALOGUE.read_text()


def test_updating_twice_changes_nothing(sources: Path) -> None:
    write(SEND)
    messages.update()
    once = messages.CATALOGUE.read_text()
    messages.update()
    assert messages.CATALOGUE.read_text() == once
    assert "فرستادن" in once


def test_a_compiled_catalogue_speaks_and_goes_stale(sources: Path) -> None:
    write(SEND, SENT, MONTH, COUNT)
    assert messages.stale()
    messages.compile_all()
    assert not messages.stale()
    with messages.COMPILED.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Send") == "فرستادن"
    later = messages.COMPILED.stat().st_mtime + 1
    os.utime(messages.CATALOGUE, (later, later))
    assert messages.stale()
