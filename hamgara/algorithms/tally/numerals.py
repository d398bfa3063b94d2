"""The numbers of a ballot file, found all at once: a million lines in a fraction of a second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hamgara.algorithms.tally.ballots import BallotError, Integers

LONGEST_NUMBER = 15  # digits; more papers or candidates than that are a broken file


class Numerals:
    """The numbers in a part of a file, each with its place, and what stands between them."""

    def __init__(self, data: bytes, start: int, end: int, separators: bytes) -> None:
        """Find them; raises BallotError for anything that is neither a digit nor one of the separators."""
        self._data, self._start = data, start
        self.bytes: NDArray[np.uint8] = np.frombuffer(data, np.uint8)[start:end]
        strange = data[start:end].translate(None, b"0123456789" + separators)
        if strange:
            at = data.index(strange[:1], start, end) - start
            shown = data[start + at : start + at + 4].decode("utf-8", "replace")[:1]
            raise BallotError(f"{self.place(at)}: {shown!r} does not belong here")
        digit = np.zeros(len(self.bytes) + 2, np.int8)
        digit[1:-1] = self.bytes - np.uint8(48) < 10  # what is below «0» turns around to above 200
        edges = np.flatnonzero(digit[1:] != digit[:-1])
        self.starts: Integers = edges[0::2].copy()
        self.ends: Integers = edges[1::2].copy()
        lengths = self.ends - self.starts
        longest = int(lengths.max()) if lengths.size else 0
        if longest > LONGEST_NUMBER:
            raise BallotError(f"{self.place(int(self.starts[int(np.argmax(lengths))]))}: this number is too long")
        self.values: Integers = self.bytes[self.starts].astype(np.int64) - 48
        for digits in range(1, longest):
            longer = np.flatnonzero(lengths > digits)
            self.values[longer] = self.values[longer] * 10 + self.bytes[self.starts[longer] + digits] - 48

    def at(self, byte: bytes) -> Integers:
        """Where this byte stands."""
        return np.flatnonzero(self.bytes == byte[0])

    def lines(self) -> Integers:
        """For each number, how many line ends stand before it."""
        return np.searchsorted(self.at(b"\n"), self.starts)

    def place(self, offset: int) -> str:
        """«line 12», as an editor counts."""
        before = self._data.count(b"\n", 0, self._start + offset)
        return f"line {before + 1}"


def decoded(data: bytes) -> str:
    """The text of a file; raises BallotError where it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        raise BallotError(f"line {line}: this is not UTF-8 text, so it is no ballot file") from error
