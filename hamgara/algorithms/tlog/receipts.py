"""A receipt: the proof that an entry is in a log, to be kept and checked without the log (C2SP tlog-proof)."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from hamgara.algorithms.tlog import Malformed
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.notes import Note
from hamgara.algorithms.tlog.policies import Policy, Standing
from hamgara.algorithms.tlog.text import from_base64, from_decimal, readable
from hamgara.algorithms.tlog.tree import HASH, Step, verify_inclusion

_HEAD = "c2sp.org/tlog-proof@v1"
LONGEST_PATH = 63


@dataclass(frozen=True)
class Proof:
    """What a receipt that holds shows."""

    checkpoint: Checkpoint
    steps: list[Step]  # from the leaf up to the root
    standing: Standing


@dataclass(frozen=True)
class Receipt:
    """Where an entry stands in a log, the way from it to the root, and the signed checkpoint with that root."""

    index: int
    path: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None  # whatever the keeper needs besides; nobody signed it, so it proves nothing

    def __str__(self) -> str:
        lines = [_HEAD]
        if self.extra is not None:
            lines.append(f"extra {b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines += [b64encode(each).decode() for each in self.path]
        return "\n".join((*lines, "", str(self.note)))

    @classmethod
    def parse(cls, receipt: str | bytes) -> Receipt:
        """Of a `.tlog-proof` file. Raises Malformed."""
        given = readable(receipt)
        before, empty, note = given.partition("\n\n")
        head, *lines = before.split("\n")
        if not empty or head != _HEAD:
            raise Malformed(f"a receipt begins with {_HEAD}, and has an empty line before its checkpoint")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = from_base64(lines.pop(0).removeprefix("extra "))
        if not lines or not lines[0].startswith("index "):
            raise Malformed("a receipt says the index of its entry")
        index = from_decimal(lines.pop(0).removeprefix("index "))
        if len(lines) > LONGEST_PATH:
            raise Malformed(f"a proof has at most {LONGEST_PATH} hashes")
        parsed = cls(index, tuple(from_base64(each, HASH) for each in lines), Note.parse(note), extra)
        if str(parsed) != given:
            raise Malformed("this receipt could be written otherwise")
        return parsed

    def verify(self, leaf: bytes, policy: Policy) -> Proof:
        """That the entry with the leaf hash `leaf` is in a log that `policy` knows. Raises Wrong.

        Whether enough witnesses saw that checkpoint is said in `standing.witnessed`: a receipt without them holds
        against the log's own key alone.
        """
        standing = policy.standing(self.note)
        head = standing.checkpoint
        return Proof(head, verify_inclusion(leaf, self.index, head.size, self.path, head.root), standing)
