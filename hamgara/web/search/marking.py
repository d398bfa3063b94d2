"""Showing where the words of a search stand: marks in titles, and the piece of a text around the first of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup, escape

from hamgara.algorithms.persian.stems import Wish, stems

AROUND = 70  # characters before and after the first word that fits
_WORD = re.compile(r"[\w\u200c\u064b-\u0655\u0670]+")


@lru_cache(maxsize=8192)
def _stems(word: str) -> frozenset[str]:
    """Most words of what is found stand in many rows."""
    return frozenset(stems(word))


class Marker:
    """Knows the words of one search, in every reading."""

    def __init__(self, wishes: Iterable[Wish]) -> None:
        self.sought = {stem for wish in wishes for reading in wish for stem in reading}

    def fits(self, word: str) -> bool:
        return not self.sought.isdisjoint(_stems(word))

    def marked(self, text: str) -> Markup:
        """`text`, escaped, with the words of the search in `<mark>`."""
        pieces, at = [], 0
        for word in _WORD.finditer(text):
            if self.fits(word[0]):
                pieces += [escape(text[at : word.start()]), Markup("<mark>%s</mark>") % word[0]]
                at = word.end()
        return Markup("").join([*pieces, escape(text[at:])])

    def piece(self, text: str) -> Markup | None:
        """The part of `text` that shows why it was found, None if no word of the search stands in it."""
        first = next((word for word in _WORD.finditer(text) if self.fits(word[0])), None)
        if first is None:
            return None
        start, end = max(0, first.start() - AROUND), first.end() + 2 * AROUND
        if start:
            start = text.find(" ", start, first.start()) + 1 or first.start()
        if end < len(text):
            end = text.rfind(" ", first.end(), end) if " " in text[first.end() : end] else first.end()
        return Markup("{}{}{}").format(
            "… " if start else "", self.marked(text[start:end]), " …" if end < len(text) else ""
        )
