"""What a log and its witness say to each other, and how a witness decides (C2SP tlog-witness, add-checkpoint)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from hamgara.algorithms.tlog import Malformed, Wrong
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.cosignatures import signed_by
from hamgara.algorithms.tlog.keys import VerifierKey
from hamgara.algorithms.tlog.notes import Note, Signature, signatures
from hamgara.algorithms.tlog.text import from_base64, from_decimal, readable
from hamgara.algorithms.tlog.tree import EMPTY_ROOT, HASH, verify_consistency

SIZE_TYPE = "text/x.tlog.size"  # the content type of a 409
LONGEST_PATH = 63


@dataclass(frozen=True)
class Request:
    """A log asks: here is my new checkpoint, and the proof that it continues the one of size `old`."""

    old: int
    path: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        proof = [b64encode(each).decode() for each in self.path]
        return "\n".join((f"old {self.old}", *proof, "", str(self.note)))

    @classmethod
    def parse(cls, body: str | bytes) -> Request:
        """Of the body of a POST to add-checkpoint. Raises Malformed."""
        given = readable(body)
        before, empty, note = given.partition("\n\n")
        old, *path = before.split("\n")
        if not empty or not old.startswith("old "):
            raise Malformed("a request begins with the old size, and has an empty line before its checkpoint")
        if len(path) > LONGEST_PATH:
            raise Malformed(f"a proof has at most {LONGEST_PATH} hashes")
        size = from_decimal(old.removeprefix("old "))
        parsed = cls(size, tuple(from_base64(each, HASH) for each in path), Note.parse(note))
        if str(parsed) != given:
            raise Malformed("this request could be written otherwise")
        return parsed


def cosignatures_in(body: str | bytes) -> tuple[Signature, ...]:
    """The lines with which a witness answers 200; whose they are is still to be verified. Raises Malformed."""
    return signatures(body)


def size_in(body: str | bytes) -> int:
    """The size that a witness names when it answers 409. Raises Malformed."""
    text = readable(body)
    if not text.endswith("\n"):
        raise Malformed("the size has no end of line")
    return from_decimal(text[:-1])


TWO_ROOTS, NO_PROOF = "two roots for one size", "no proof that it continues what was seen"


@dataclass(frozen=True)
class Weighed:
    """What a witness decided. Only 200 may be cosigned, and only once the head is kept where it cannot be lost."""

    status: HTTPStatus
    reason: str
    checkpoint: Checkpoint | None = None  # of a log that is known, with its own signature under it
    note: Note | None = None
    held: int = 0  # the size of the head that the witness holds: the body of a 409
    # What is to be kept beside the head that is held: TWO_ROOTS convicts the log, which signed both; NO_PROOF only
    # accuses it, as anybody can send a signed head with a wrong proof.
    evidence: str | None = None


def weigh(
    body: str | bytes, logs: Mapping[str, Collection[VerifierKey]], head: Callable[[str], Checkpoint | None]
) -> Weighed:
    """Decide about a request, by the keys of each known log (by origin) and the `head` that is held of it.

    Never raises for what is asked, however garbled it is. The order of the checks is that of the specification.
    """
    try:
        request = Request.parse(body)
        new = Checkpoint.parse(request.note.text)
    except Malformed as error:
        return Weighed(HTTPStatus.BAD_REQUEST, str(error))
    if new.origin not in logs:
        return Weighed(HTTPStatus.NOT_FOUND, "this log is not known here")
    try:
        signed_by(request.note, logs[new.origin])
    except Wrong as error:
        return Weighed(HTTPStatus.FORBIDDEN, str(error))

    held = head(new.origin) or Checkpoint(new.origin, 0, EMPTY_ROOT)
    forked = TWO_ROOTS if new.size == held.size and new.root != held.root else None

    def decided(status: HTTPStatus, reason: str, evidence: str | None = forked) -> Weighed:
        return Weighed(status, reason, new, request.note, held.size, evidence)

    if request.old > new.size:
        return decided(HTTPStatus.BAD_REQUEST, "the old size is above the new one")
    if request.old != held.size:
        return decided(HTTPStatus.CONFLICT, f"the head that is held has size {held.size}")
    if not new.size and new.root != EMPTY_ROOT:
        return decided(HTTPStatus.UNPROCESSABLE_ENTITY, "a log without entries has another root")
    try:
        verify_consistency(held.size, held.root, new.size, new.root, request.path)
    except Wrong as error:
        return decided(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), forked or NO_PROOF)
    return decided(HTTPStatus.OK, "it continues what was seen before")
