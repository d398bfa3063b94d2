"""Whatever is listed can be taken along as a file, or there is a reason why not."""

from __future__ import annotations

import re

from tests.house.source import ROOT

TEMPLATES = ROOT / "hamgara" / "web" / "templates"
LISTS = re.compile(r"\{\{ (?:pager|table)\(")
FILE = re.compile(r"files=|export_menu\(")

# A page with a long list or a table, and no file of it.
WITHOUT = {
    "commitments/detail.html": "one promise's own figures; the list of promises is a file",
    "figures/one.html": "one card; the list of cards is a file",
    "imports/list.html": "the files themselves are kept and given back",
    "imports/run.html": "the rows that were not taken over come back as a file of their own",
    "me/list.html": "all of it is in the file of what is held about me",
    "outbox/outbox.html": "letters with names and numbers of people, deleted after three months: nothing to carry away",
}


def test_every_list_can_be_taken_as_a_file_or_says_why_not() -> None:
    found = {
        str(path.relative_to(TEMPLATES)): bool(FILE.search(text))
        for path in sorted(TEMPLATES.rglob("*.html"))
        if LISTS.search(text := path.read_text(encoding="utf-8")) and path.parent.name != "components"
    }
    assert sum(found.values()) > len(WITHOUT)
    assert {name for name, has_file in found.items() if not has_file} == set(WITHOUT)
