"""Signing a checkpoint, and finding out who signed it: logs (C2SP signed-note) and witnesses (C2SP tlog-cosignature).

A witness says: as of this time, the largest tree that I have seen under this origin, and that continues all that I saw
before, has this root. It says nothing about whether the entries are true.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from hamgara.algorithms.tlog import Forged, Malformed
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.keys import ED25519, ML_DSA_44, SignerKey, VerifierKey
from hamgara.algorithms.tlog.notes import Note, Signature
from hamgara.algorithms.tlog.text import LARGEST_NUMBER

_STAMP = 8  # bytes of the time, before the signature


@dataclass(frozen=True)
class Verified:
    """A key whose signature holds, and the time that it states: seconds since 1970, None for kinds without one."""

    key: VerifierKey
    timestamp: int | None


def sign(text: str, signer: SignerKey, timestamp: int | None = None) -> Signature:
    """The line of `signer` under the checkpoint `text`.

    A plain Ed25519 key states no time and refuses one; a witness's and an ML-DSA-44 key state `timestamp`, seconds
    since 1970. Raises ValueError for a time too much or too little, Malformed where ML-DSA-44 is to sign what is no
    checkpoint.
    """
    key = signer.verifier
    if (timestamp is None) != (key.kind == ED25519):
        raise ValueError("a plain Ed25519 signature states no time, every other does")
    stamp = b"" if timestamp is None else timestamp.to_bytes(_STAMP, "big")
    return Signature(key.name, key.key_id, stamp + signer.sign(_message(key, text, timestamp)))


def verified(note: Note, keys: Collection[VerifierKey]) -> list[Verified]:
    """Those of `keys` that signed, in the order of their lines; lines of keys that are not known are passed over.

    Raises Forged when a line is said to be by one of `keys` and is not: then nothing of the note counts.
    """
    known = {(key.name, key.key_id): key for key in keys}
    found = []
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        timestamp, bare = None, line.blob
        if key.kind != ED25519:
            timestamp, bare = int.from_bytes(line.blob[:_STAMP], "big"), line.blob[_STAMP:]
            if timestamp > LARGEST_NUMBER:
                raise Forged(f"a signature of {key.name} states an impossible time")
        key.verify(_message(key, note.text, timestamp), bare)
        found.append(Verified(key, timestamp))
    return found


def signed_by(note: Note, keys: Collection[VerifierKey]) -> list[Verified]:
    """As `verified`, and Forged also when none of `keys` signed."""
    found = verified(note, keys)
    if not found:
        raise Forged("no key that is known here signed this")
    return found


def _message(key: VerifierKey, text: str, timestamp: int | None) -> bytes:
    """The bytes that are signed. Raises Malformed where they need a checkpoint and `text` is none."""
    if timestamp is None:
        return text.encode()
    if key.kind != ML_DSA_44:
        return f"cosignature/v1\ntime {timestamp}\n{text}".encode()
    head = Checkpoint.parse(text)
    return b"".join(
        (
            b"subtree/v1\n\0",
            _short(key.name),
            timestamp.to_bytes(_STAMP, "big"),
            _short(head.origin),
            (0).to_bytes(8, "big"),
            head.size.to_bytes(8, "big"),
            head.root,
        )
    )


def _short(text: str) -> bytes:
    """With its length before it, in one byte. Raises Malformed when it is too long for that."""
    data = text.encode()
    if len(data) > 255:
        raise Malformed("a name of more than 255 bytes cannot be signed by ML-DSA-44")
    return bytes([len(data)]) + data
