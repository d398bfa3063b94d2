"""What to try where a search finds nothing: other spellings of words that stand nowhere, or one word less."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.contrib.postgres.search import TrigramDistance
from django.db import connection
from django.db.models import Q

from hamgara.algorithms.edits import slips
from hamgara.algorithms.persian.stems import Wish, sought
from hamgara.algorithms.persian.text import key
from hamgara.domain.search.models import Word
from hamgara.domain.search.queries.finding import MOST_WORDS, Asked, bounded, findable, written
from hamgara.domain.search.queries.shadows import marks

MOST_WRONG = 2  # words of a search that are set right at once
LOOKED_AT = 30  # words nearest by their letters, from which the one with the fewest slips is taken
SHORT = 4  # letters of a word in which one slip is the most; two in a longer one
MOST_HINTS = 3


@dataclass(frozen=True)
class Hint:
    """Words that find something; `without` is the one that was left out."""

    words: str
    is_spelling: bool = False
    without: str = ""


def hints(asked: Asked) -> list[Hint]:
    """Searches with the same filters that find something, the likeliest first."""
    typed = asked.words.split()[:MOST_WORDS]
    words = [(word, wish) for word in typed for wish in sought(word)[:1]]
    if right := _put_right(_strange(words)[:MOST_WRONG]):
        tried = [Hint(" ".join(right.get(key(word), word) for word in typed), is_spelling=True)]
    elif len(words) > 1:
        tried = _fewer(asked, words)
    else:
        tried = []
    return [tried[at] for at in findable([replace(asked, words=each.words) for each in tried])]


def _strange(words: Sequence[tuple[str, Wish]]) -> list[str]:
    """The words that stand in no document."""
    common = set(Word.objects.filter(pk__in=[key(word) for word, _wish in words]).values_list("pk", flat=True))
    rare = [(word, wish) for word, wish in words if key(word) not in common]
    known = _finding([[wish] for _word, wish in rare], []) if rare else []
    return [word for at, (word, _wish) in enumerate(rare) if at not in known]


def _fewer(asked: Asked, words: Sequence[tuple[str, Wish]]) -> list[Hint]:
    """All words but one, where that finds something, else single words."""
    marked = marks(asked.kind, place=asked.place, field=asked.field, standing=asked.standing)[not asked.kind :]
    less = [[*words[:at], *words[at + 1 :]] for at in range(len(words))]
    found = _finding([[wish for _word, wish in some] for some in less], marked)
    likely = [Hint(" ".join(word for word, _wish in less[at]), without=words[at][0]) for at in found]
    return likely[:MOST_HINTS] or [Hint(word) for word, _wish in words[:MOST_HINTS]]


def _finding(wishes: Sequence[Sequence[Wish]], marked: Sequence[str]) -> list[int]:
    """Which of these searches find any document, by their place: one question for all."""
    finding = """
        SELECT at - 1 FROM unnest(%s::text[]) WITH ORDINALITY AS search (query, at)
        WHERE EXISTS (SELECT FROM search_document WHERE stems @@ query::tsquery) ORDER BY at
    """
    with bounded(), connection.cursor() as cursor:
        cursor.execute(finding, [[written(each, marked) for each in wishes]])
        return [row[0] for row in cursor.fetchall()]


def _put_right(strange: Iterable[str]) -> dict[str, str]:
    """Key of a word that stands nowhere → what was meant: a word with few slips between, or two written as one."""
    right: dict[str, str] = {}
    for typed in strange:
        word = key(typed)
        halves = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
        near = Word.objects.annotate(apart=TrigramDistance("key", word)).order_by("apart")[:LOOKED_AT]
        parts = {half for pair in halves for half in pair}
        known = {each.key: each for each in Word.objects.filter(Q(pk__in=near.values("pk")) | Q(pk__in=parts))}
        most = 1 if len(word) <= SHORT else 2
        close = [each for each in known.values() if 0 < slips(word, each.key) <= most]
        if close:
            right[word] = min(close, key=lambda each: (slips(word, each.key), -each.count)).written
        elif both := [pair for pair in halves if pair[0] in known and pair[1] in known]:
            one, other = max(both, key=lambda pair: min(known[pair[0]].count, known[pair[1]].count))
            right[word] = f"{known[one].written} {known[other].written}"
    return right
