"""Papers: a typst template filled with data makes a PDF that screen readers can read (PDF/UA-1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

MISSING = "�"  # stands for a letter that the font has not got
PLAIN = "\n"


class NoFont(Exception):
    """The font for papers has not been fetched."""


def pdf(template: Path, content: Mapping[str, Any], *, fonts: Path, made_at: datetime) -> bytes:
    """The paper that `template` sets from `content`, which it reads as JSON from its input of that name.

    Words in `content` are set as they are and never read as markup. The same content made at the same moment gives the
    same bytes. Raises `NoFont` where `fonts` holds none.
    """
    import typst

    letters = _letters(fonts)
    return typst.compile(  # type: ignore[no-any-return]
        template,
        root=template.parent,
        font_paths=[fonts],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"content": json.dumps(_settable(content, letters), ensure_ascii=False)},
        timestamp=int(made_at.timestamp()),
    )


def _settable(value: Any, letters: frozenset[int]) -> Any:
    """`value` with every letter that the font lacks shown as missing: a reader of a screen must not hear nothing."""
    if isinstance(value, str):
        return "".join(letter if letter in PLAIN or ord(letter) in letters else MISSING for letter in value)
    if isinstance(value, Mapping):
        return {name: _settable(each, letters) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_settable(each, letters) for each in value]
    return value


@cache
def _letters(fonts: Path) -> frozenset[int]:
    from fontTools import ttLib

    found: set[int] | None = None
    for path in sorted(fonts.glob("*.ttf")):
        with ttLib.TTFont(path, lazy=True) as font:
            has = set(font.getBestCmap())
        found = has if found is None else found & has
    if found is None:
        raise NoFont(f"no font in {fonts}: run «hamgara assets»")
    return frozenset(found)
