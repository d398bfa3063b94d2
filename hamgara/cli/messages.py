"""The Persian of every page: collect English messages from the sources, keep the catalogue, compile it, check it."""

from __future__ import annotations

import argparse
import datetime as dt
import io
import re
from typing import TYPE_CHECKING

from hamgara.cli import ROOT

# Babel is loaded where it is used: every start asks whether the catalogue is stale, and must be quick.
if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

LANGUAGE = "fa"
CATALOGUE = ROOT / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
SOURCES = ROOT / "hamgara"
METHODS = [("**/web/templates/**.html", "jinja2"), ("**/web/templates/**.txt", "jinja2"), ("**.py", "python")]
# As in the environment that renders them (hamgara/web/jinja.py).
JINJA = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
OPTIONS = {pattern: JINJA for pattern, method in METHODS if method == "jinja2"}
KEYWORDS = {  # besides those that Babel knows
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Letters that look Persian and are not.
FOREIGN_LETTERS = {"ي": "ی", "ك": "ک", "ى": "ی"}
VALUES = re.compile(r"%\((\w+)\)")
NO_MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "steps", nargs="*", choices=["update", "compile", "check"], help="what to do; without: update and compile"
    )


def run(args: argparse.Namespace) -> int:
    steps = args.steps or ["update", "compile"]
    if "update" in steps:
        update()
    if "compile" in steps:
        compile_all()
    if "check" in steps:
        problems = check()
        for problem in problems:
            print(problem)
        print(f"{len(problems)} problems in {CATALOGUE.relative_to(ROOT)}" if problems else "messages: all in Persian")
        return 1 if problems else 0
    return 0


def collect() -> Catalog:
    """Every message of the sources."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

    catalogue = Catalog(project="Hamgara", charset="utf-8")
    for name, _line, message, comments, context in extract_from_dir(
        SOURCES,
        METHODS,
        OPTIONS,
        {**DEFAULT_KEYWORDS, **KEYWORDS},
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    ):
        # Places without line numbers: the catalogue changes when messages do, not when lines move.
        catalogue.add(message, locations=[(f"hamgara/{name}", None)], auto_comments=comments, context=context)
    return catalogue


def read() -> Catalog:
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    if not CATALOGUE.exists():
        return Catalog(locale=LANGUAGE, project="Hamgara", charset="utf-8")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def update() -> None:
    """Bring new messages in, without Persian yet, and drop those that no source has any more."""
    from babel.messages.pofile import write_po

    catalogue = read()
    catalogue.update(collect(), no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    catalogue.header_comment = "# The Persian of Hamgara. Made with `make messages`."
    catalogue.creation_date = catalogue.revision_date = NO_MOMENT  # no two versions differ by their moment alone
    catalogue.last_translator = catalogue.language_team = "Hamgara"
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
    CATALOGUE.write_bytes(buffer.getvalue())
    missing = [message for message in _messages(catalogue) if not _translated(message)]
    print(f"{len(catalogue)} messages, {len(missing)} without Persian: {CATALOGUE.relative_to(ROOT)}")


def stale() -> bool:
    """The catalogue has changed since it was compiled."""
    if not CATALOGUE.exists():
        return False
    return not COMPILED.exists() or COMPILED.stat().st_mtime < CATALOGUE.stat().st_mtime


def compile_all() -> None:
    """Make what the running house reads."""
    from babel.messages.mofile import write_mo

    COMPILED.parent.mkdir(parents=True, exist_ok=True)
    fresh = COMPILED.with_suffix(".mo.new")
    with fresh.open("wb") as file:
        write_mo(file, read())
    fresh.rename(COMPILED)


def check() -> list[str]:
    """What is wrong with the catalogue, a line each."""
    catalogue, sources = read(), collect()
    problems = []
    for message in _messages(sources):
        if catalogue.get(message.id, message.context) is None:
            problems.append(f"not in the catalogue (run «make messages»): {_shown(message)}")
    for message in _messages(catalogue):
        if sources.get(message.id, message.context) is None:
            problems.append(f"in no source any more (run «make messages»): {_shown(message)}")
        elif not _translated(message):
            problems.append(f"without Persian: {_shown(message)}")
        elif message.fuzzy:
            problems.append(f"Persian marked as doubtful: {_shown(message)}")
        else:
            problems += [f"{error}: {_shown(message)}" for error in message.check(catalogue)]
            problems += [
                f"not the same values as in English: {_shown(message)}"
                for form in _forms(message)
                if set(VALUES.findall(form)) != set(VALUES.findall(_english(message)))
            ]
            problems += [
                f"«{letter}» is not Persian, write «{right}»: {_shown(message)}"
                for letter, right in FOREIGN_LETTERS.items()
                if letter in "".join(_forms(message))
            ]
    return problems


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _translated(message: Message) -> bool:
    return all(form.strip() for form in _forms(message)) and bool(_forms(message))


def _english(message: Message) -> str:
    """The form for several, where there are two: the one for a single thing may leave its number out."""
    return message.id if isinstance(message.id, str) else message.id[-1]


def _shown(message: Message) -> str:
    return repr(message.id if isinstance(message.id, str) else message.id[0])
