"""A text and the lines of those who signed it (C2SP signed-note)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from hamgara.algorithms.tlog import Malformed
from hamgara.algorithms.tlog.keys import require_name
from hamgara.algorithms.tlog.text import from_base64, readable

MOST_SIGNATURES = 64  # the specification asks for at least 16
_DASH = "— "


@dataclass(frozen=True)
class Signature:
    """One line: who says so, by which key, and the bytes that show it."""

    name: str
    key_id: bytes  # 4 bytes
    blob: bytes  # what the kind of the key asks for; at least one byte

    def __str__(self) -> str:
        """«— name base64(key id ‖ blob)», with its newline."""
        return f"{_DASH}{self.name} {b64encode(self.key_id + self.blob).decode()}\n"

    @classmethod
    def parse(cls, line: str) -> Signature:
        """Of one line with its newline. Raises Malformed."""
        name, _space, coded = line.removeprefix(_DASH).removesuffix("\n").partition(" ")
        require_name(name)
        data = from_base64(coded)
        if len(data) < 5:
            raise Malformed("a signature is shorter than its key id")
        signature = cls(name, data[:4], data[4:])
        if str(signature) != line:
            raise Malformed("a signature line is «— name base64»")
        return signature


def signatures(lines: str | bytes) -> tuple[Signature, ...]:
    """One or more signature lines, as they end a note or answer a request for cosignatures. Raises Malformed."""
    text = readable(lines)
    if not text.endswith("\n"):
        raise Malformed("the last signature line has no end")
    each = text[:-1].split("\n")
    if len(each) > MOST_SIGNATURES:
        raise Malformed(f"more than {MOST_SIGNATURES} signatures")
    return tuple(Signature.parse(f"{line}\n") for line in each)


@dataclass(frozen=True)
class Note:
    """A text that ends with a newline, and at least one signature. Whether they hold is asked in `cosignatures`."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(map(str, self.signatures))

    @classmethod
    def parse(cls, note: str | bytes) -> Note:
        """Of a signed note; the text ends at its last empty line. Raises Malformed."""
        whole = readable(note)
        text, empty, lines = whole.rpartition("\n\n")
        if not empty:
            raise Malformed("a note has an empty line between its text and its signatures")
        parsed = cls(f"{text}\n", signatures(lines))
        if str(parsed) != whole:
            raise Malformed("this note could be written otherwise")
        return parsed

    def adding(self, more: Iterable[Signature]) -> Note:
        """With more signatures behind its own. One of a key that signed already takes the place of the older one.

        Raises Malformed when they become too many.
        """
        lines = {(each.name, each.key_id): each for each in (*self.signatures, *more)}
        if len(lines) > MOST_SIGNATURES:
            raise Malformed(f"more than {MOST_SIGNATURES} signatures")
        return Note(self.text, tuple(lines.values()))
