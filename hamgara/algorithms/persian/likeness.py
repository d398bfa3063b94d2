"""How alike one short wish is to many others: by the words they share, the rarer the weightier, and by their letters.

Words are weighed by how few of the others have them (K. Spärck Jones, «A Statistical Interpretation of Term
Specificity», 1972), and shared weight is set against all weight (a weighted Jaccard index). A number counts once more
together with its neighbour, for «کوچهٔ ۱۷» tells more than «کوچه» and «۱۷». Letters are compared by trigrams, as pg_trgm
does, for what is misspelt shares no word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from functools import lru_cache
from itertools import pairwise
from math import log
from typing import TypeVar

from hamgara.algorithms.persian.stems import of_word

LETTERS = 0.3  # how much the letters count beside the words
COMPARED = 100  # of the wishes most alike by their words, the letters are compared too

K = TypeVar("K", bound=Hashable)


def likenesses(wish: str, others: Mapping[K, str], *, by_letters: Mapping[K, float] | None = None) -> dict[K, float]:
    """From 0 to 1 for each of `others`; all texts are search keys. `by_letters` is what is known already of some."""
    marks = {each: _marks(text) for each, text in others.items()}
    have = Counter(mark for some in marks.values() for mark in some)
    count = len(others) + 1
    weights = {mark: log((count + 1) / (number + 0.5)) for mark, number in have.items()}
    unknown = log((count + 1) / 0.5)
    mine = _marks(wish)
    own = sum(weights.get(mark, unknown) for mark in mine)
    words: dict[K, float] = {}
    for each, some in marks.items():
        shared = sum(weights[mark] for mark in some if mark in mine)
        words[each] = shared / (own + sum(weights[mark] for mark in some) - shared) if shared else 0.0
    letters = dict(by_letters or {})
    asked = _trigrams(wish)
    for each in sorted(words, key=words.__getitem__, reverse=True)[:COMPARED]:
        if each not in letters:
            letters[each] = _shared(asked, _trigrams(others[each]))
    return {each: (words[each] + LETTERS * letters.get(each, 0.0)) / (1 + LETTERS) for each in others}


@lru_cache(maxsize=16384)  # while a title is typed, the same open wishes are compared again and again
def _marks(text: str) -> frozenset[str]:
    """The first stem of each word, and each number with its neighbours."""
    stems = [found[0] for word in text.split() if (found := of_word(word))]
    beside = {f"{one} {other}" for one, other in pairwise(stems) if one.isdecimal() or other.isdecimal()}
    return frozenset(beside.union(stems))


def _trigrams(text: str) -> set[str]:
    found: set[str] = set()
    for word in text.split():
        padded = f"  {word} "
        found.update(padded[at : at + 3] for at in range(len(padded) - 2))
    return found


def _shared(one: set[str], other: set[str]) -> float:
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0
