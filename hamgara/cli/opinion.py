"""Draw the opinion map of a file of votes: groups, what each stands for, and what all of them agree on.

The file is a table of votes (votes.csv) or of participants with their votes (participants-votes.csv). Statements are
read from the comments.csv beside it, if there is one: those moderated away do not count.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hamgara.algorithms.opinion import OpinionMap
    from hamgara.algorithms.opinion.tables import Statement, TableError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("votes", type=Path, metavar="votes.csv")
    parser.add_argument("--statements", type=Path, metavar="FILE", help="the table of statements, if not beside votes")
    parser.add_argument("--mode", choices=["canonical", "polis"], default="canonical", help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--export", type=Path, metavar="DIR", help="write the live votes, groups and statements there")


def run(args: argparse.Namespace) -> int:
    """Print the map; answer 2 when there is nothing that could be read."""
    import django
    from django.utils import translation

    django.setup()
    given = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    with translation.override("fa" if given.startswith("fa") else "en"):
        try:
            return _draw(args)
        except _Unusable as error:
            print(error, file=sys.stderr)
            return 2


class _Unusable(Exception):
    """Nothing can be done with what was given; the message says why and what to do."""


def _draw(args: argparse.Namespace) -> int:
    from django.utils.translation import gettext as _

    from hamgara.algorithms.opinion import draw_map, drawing, tables
    from hamgara.algorithms.opinion.stability import stability

    if args.export is not None:
        _require_room(args.export)
    beside = args.votes.parent / "comments.csv"
    source = args.statements or (beside if beside.is_file() else None)
    try:
        ballots = tables.read_votes(_text(args.votes).split("\n"))
    except tables.TableError as error:
        raise _Unusable(_told(args.votes, error)) from None
    try:
        statements = [] if source is None else tables.read_statements(_text(source).splitlines(keepends=True))
    except tables.TableError as error:
        raise _Unusable(_told(source, error)) from None
    known = {each.id for each in statements}
    unknown = [each for each in ballots.statements.tolist() if each not in known] if known else []
    if unknown:
        text = _("%(number)d statements that were voted on are not in %(file)s; they count as not moderated: %(ids)s")
        listed = ", ".join(map(str, unknown[:10]))
        print(text % {"number": len(unknown), "file": source, "ids": listed}, file=sys.stderr)
    found = draw_map(
        ballots,
        args.mode,
        moderated={each.id for each in statements if each.moderated < 0},
        meta={each.id for each in statements if each.meta},
    )
    picture = drawing.svg(
        found,
        title=_("Opinion map"),
        names=[_("Group %(group)s") % {"group": _digits(at)} for at in range(1, len(found.groups) + 1)],
    )
    if args.export is not None:
        _export(args.export, found, statements, picture)
    sure = stability(found.ballots, found.group) if args.mode == "canonical" else None
    if args.json:
        print(json.dumps(found.as_plain() | ({} if sure is None else {"stability": asdict(sure)})))
    else:
        _tell(found, {each.id: each.text for each in statements})
        if sure is not None:
            text = _(
                "How sure: maps of half of the people agree with this one by %(agreement).2f (1 is full), and "
                "%(share)d%% of them have as many groups."
            )
            print("\n" + text % {"agreement": sure.agreement, "share": round(100 * sure.same_number)})
    return 0


def _digits(number: int) -> str:
    """As the reader writes numbers."""
    from django.utils import translation

    from hamgara.algorithms.persian import digits

    return digits.to_persian(str(number)) if translation.get_language() == "fa" else str(number)


def _text(path: Path) -> str:
    from django.utils.translation import gettext as _

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return file.read()
    except UnicodeDecodeError:
        raise _Unusable(_("%(file)s is not text in UTF-8. Save it as CSV in UTF-8.") % {"file": path}) from None
    except OSError as error:
        values = {"file": path, "reason": error.strerror}
        raise _Unusable(_("%(file)s cannot be read: %(reason)s") % values) from None


def _told(path: Path, error: TableError) -> str:
    from django.utils.translation import gettext as _

    texts = {
        "empty": _("%(file)s is empty. A table of votes is needed."),
        "columns": _("%(file)s has no column %(value)s. Its first line must name the columns."),
        "no votes": _("%(file)s holds no vote, so there is nothing to map."),
        "short": _("%(file)s, line %(line)d: a cell is missing or too many (%(value)s). Correct the line."),
        "number": _("%(file)s, line %(line)d: not a whole number that can stand here: %(value)s. Correct the line."),
        "vote": _("%(file)s, line %(line)d: a vote is 1 (agree), 0 (pass) or -1 (disagree), not «%(value)s»."),
        "twice": _("%(file)s, line %(line)d: %(value)s stands here a second time. Keep one of the lines."),
        "unreadable": _("%(file)s cannot be understood as a table of votes."),
    }
    return texts[error.reason] % {"file": path, "line": error.line, "value": error.value}


def _require_room(folder: Path) -> None:
    from django.utils.translation import gettext as _

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise _Unusable(
            _("%(folder)s is not an empty folder. Name a new one, so that nothing is lost.") % {"folder": folder}
        )


def _export(folder: Path, found: OpinionMap, statements: list[Statement], picture: str) -> None:
    from django.utils.translation import gettext as _

    from hamgara.algorithms.opinion import tables

    files = {
        "votes.csv": tables.vote_rows(found.given),
        "participants-votes.csv": tables.matrix_rows(found.given, found.group),
        "comments.csv": tables.statement_rows(statements, found.given),
    }
    if not statements:
        del files["comments.csv"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in files.items():
            with (folder / f"{name}.part").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)
        (folder / "map.svg").write_text(picture, encoding="utf-8")
        for name in files:
            (folder / f"{name}.part").replace(folder / name)
    except OSError as error:
        values = {"folder": folder, "reason": error.strerror}
        raise _Unusable(_("%(folder)s cannot be written: %(reason)s") % values) from None


def _tell(found: OpinionMap, texts: dict[int, str]) -> None:
    from django.utils.translation import gettext as _

    def listed(title: str, ids: tuple[int, ...]) -> None:
        print(f"\n{title}")
        for each in ids:
            print(f"  {each}  {' '.join(texts.get(each, '').split())}")
        if not ids:
            print("  " + _("nothing"))

    plain = found.as_plain()
    print(_("%(participants)d participants, %(statements)d statements, %(votes)d votes") % plain)
    for at, (members, ids) in enumerate(zip(found.groups, found.representative, strict=True), 1):
        values = {"group": at, "people": len(members)}
        print("\n" + _("Group %(group)d, %(people)d people, is told from the others by:") % values)
        for each in ids:
            own = plain["group_votes"][at - 1][str(each)]
            share = _("%(agree)d of %(votes)d agree") % own
            print(f"  {each}  {share}: {' '.join(texts.get(each, '').split())}")
    listed(_("Most of all people agree:"), found.agree)
    listed(_("Most of all people disagree:"), found.disagree)
