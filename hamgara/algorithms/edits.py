"""How many slips of a finger lie between two words: a letter too many, too few, another, or two swapped.

The distance is that of F. J. Damerau, «A Technique for Computer Detection and Correction of Spelling Errors», 1964, in
its restricted form (optimal string alignment): no part of a word is changed twice.
"""

from __future__ import annotations


def slips(one: str, other: str) -> int:
    """The least number of slips that turn one word into the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, last, row = row, before, [at]
        for to, wanted in enumerate(other, 1):
            least = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                least = min(least, last[to - 2] + 1)
            row.append(least)
    return row[-1]
