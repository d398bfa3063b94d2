"""The witness that asks: for a computer that nobody can reach from outside.

It fetches the head of a log and the proof that it continues the one it holds, decides as a witness that is asked does,
and posts its cosignature to the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from hamgara.algorithms.tlog import Missing, Wrong
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.cosignatures import signed_by
from hamgara.algorithms.tlog.exchange import Request
from hamgara.algorithms.tlog.notes import Note
from hamgara.algorithms.tlog.tiles import Reader
from hamgara.cli.witness.state import OLDER_HEAD, State
from hamgara.integrations.log_files import Fetch, Unreachable, files_of, post


class Misbehaved(Exception):
    """The log showed what a log must not show; it is kept as evidence. The message says what."""


@dataclass(frozen=True)
class Pulled:
    """A head that was found to continue the last one, was kept and cosigned."""

    checkpoint: Checkpoint
    before: int  # the size of the head that was held
    note: Note  # the checkpoint with this witness's own signature alone


def pull(state: State, where: str) -> Pulled:
    """Fetch, check, keep, cosign. Raises Unreachable, Misbehaved, Wrong (nothing to believe), Unusable, OSError."""
    fetch = files_of(where)
    published = fetch("checkpoint")
    if published is None:
        raise Unreachable(f"{where} has no checkpoint: is it the address of the log?")
    note = Note.parse(published)
    head = Checkpoint.parse(note.text)
    keys = state.keys_of_logs()
    if head.origin not in keys:
        raise Wrong(f"the log {head.origin} is not known here. Add its key: hamgara witness log VKEY {where}")
    signed_by(note, keys[head.origin])
    last = state.head(head.origin)
    held = Checkpoint.parse(last.text) if last is not None else None
    before = held.size if held is not None else 0
    if head.size < before:
        state.accuse(OLDER_HEAD, note)
        raise Misbehaved(f"{head.origin} shows {head.size} entries after it had shown {before}")
    decided = state.decide(str(Request(before, _proof(before, head, fetch), note)))
    if decided.cosignature is None:
        if decided.weighed.status == HTTPStatus.CONFLICT:
            raise Unreachable("another process of this witness was faster; it will be asked again")
        raise Misbehaved(f"{head.origin}, {head.size} entries: {decided.weighed.reason}")
    return Pulled(head, before, Note(note.text, (decided.cosignature,)))


def hand_in(pulled: Pulled, address: str) -> None:
    """Post the cosignature. Raises Unreachable when it is not taken; the head is kept all the same."""
    status, said = post(address, str(pulled.note))
    if status not in (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT):
        words = said[:200].decode(errors="replace").partition("\n")[0].strip()
        why = "" if words.startswith("<") else f" {words}"  # a page is for a browser
        raise Unreachable(f"{address} did not take the cosignature: {status}{why}")


def _proof(before: int, head: Checkpoint, fetch: Fetch) -> tuple[bytes, ...]:
    """From the log's own tiles; nothing where they do not give its own root, which then is what is decided upon."""
    if before in (0, head.size):
        return ()
    try:
        return tuple(Reader(head.size, head.root, fetch).consistency(before))
    except Missing as error:
        raise Unreachable(f"a file of the log is missing: {error}") from error
    except Wrong:
        return ()
