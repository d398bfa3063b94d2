"""What a log says of itself: its origin, its size and its root (C2SP tlog-checkpoint)."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from hamgara.algorithms.tlog import Malformed
from hamgara.algorithms.tlog.text import LARGEST_NUMBER, from_base64, from_decimal, readable
from hamgara.algorithms.tlog.tree import HASH


@dataclass(frozen=True)
class Checkpoint:
    """A head of a log. Extension lines are kept and signed, but nobody can audit them: ours has none."""

    origin: str  # one line that no other log has, such as «city.example/log/1»
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises Malformed for what cannot be written so that it reads the same."""
        lines = (self.origin, *self.extensions)
        if not all(lines) or any("\n" in each for each in lines):
            raise Malformed("the lines of a checkpoint are not empty")
        if not 0 <= self.size <= LARGEST_NUMBER or len(self.root) != HASH:
            raise Malformed("a checkpoint has a size and a root of 32 bytes")

    @property
    def text(self) -> str:
        """The text of the note that is signed."""
        root = b64encode(self.root).decode()
        return "\n".join((self.origin, str(self.size), root, *self.extensions)) + "\n"

    @classmethod
    def parse(cls, text: str | bytes) -> Checkpoint:
        """Of the text of a note. Raises Malformed."""
        given = readable(text)
        lines = given.split("\n")
        if len(lines) < 4 or lines[-1]:
            raise Malformed("a checkpoint has at least three lines: origin, size, root")
        origin, size, root, *extensions = lines[:-1]
        return cls(origin, from_decimal(size), from_base64(root, HASH), tuple(extensions))
