"""How a witness decides: every status of tlog-witness, in its order, and what is kept as evidence."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import pytest

from hamgara.algorithms.tlog import tree
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.cosignatures import sign
from hamgara.algorithms.tlog.exchange import NO_PROOF, TWO_ROOTS, Request, Weighed, cosignatures_in, size_in, weigh
from hamgara.algorithms.tlog.notes import Note, Signature
from tests.algorithms.tlog_twins import LOG, ORIGIN, QUANTUM, WITNESSES, memory, signed

TREE, FORK = memory(90), tree.Tree(tree.leaf_hash(b"otherwise %d" % n) for n in range(90))
KEYS = {ORIGIN: [LOG.verifier]}
HELD = Checkpoint(ORIGIN, 40, TREE.root(40))


def asked(
    old: int, size: int, path: list[bytes] | None = None, root: bytes | None = None, note: Note | None = None
) -> Request:
    proof = TREE.consistency(old, size) if path is None and old <= size else path or []
    return Request(old, tuple(proof), note or signed(size, TREE.root(size) if root is None else root))


def by_a_stranger() -> Note:
    text = Checkpoint(ORIGIN, 60, TREE.root(60)).text
    return Note(text, (sign(text, WITNESSES[0], 5),))


def with_a_broken_line() -> Note:
    note = signed(60, TREE.root(60))
    line = note.signatures[0]
    return Note(note.text, (Signature(line.name, line.key_id, bytes(64)), *signed(60, TREE.root(60)).signatures))


# What is asked → the answer, and what is kept of it.
TABLE: dict[str, tuple[Callable[[], str], int, str | None]] = {
    "the next head": (lambda: str(asked(40, 60)), 200, None),
    "the same head once more": (lambda: str(asked(40, 40)), 200, None),
    "a head with other signatures beside the log's": (
        lambda: str(asked(40, 60, note=signed(60, TREE.root(60), QUANTUM, WITNESSES[2]))),
        200,
        None,
    ),
    "garbage": (lambda: "old 40\n\nhello", 400, None),
    "nothing": (lambda: "", 400, None),
    "a note that is no checkpoint": (
        lambda: str(asked(40, 60)).replace("\n60\n", "\nsixty\n"),
        400,
        None,
    ),
    "64 hashes": (lambda: str(asked(40, 60, path=[bytes(32)] * 64)), 400, None),
    "an old size above the new": (lambda: str(asked(60, 50)), 400, None),
    "a log that is not known": (lambda: str(asked(40, 60)).replace(ORIGIN, "elsewhere.example"), 404, None),
    "a head without the log's signature": (lambda: str(asked(40, 60, note=by_a_stranger())), 403, None),
    "a head with a line of the log that fails": (lambda: str(asked(40, 60, note=with_a_broken_line())), 403, None),
    "a head with another size than is signed": (lambda: str(asked(40, 60)).replace("\n60\n", "\n61\n"), 403, None),
    "a stale old size": (lambda: str(asked(30, 60)), 409, None),
    "a first contact": (lambda: str(asked(0, 60)), 409, None),
    "an old size that was never held": (lambda: str(asked(50, 60)), 409, None),
    "an older head, which was true": (lambda: str(asked(20, 30)), 409, None),
    "no proof": (lambda: str(asked(40, 60, path=[])), 422, NO_PROOF),
    "a proof of something else": (lambda: str(asked(40, 60, path=TREE.consistency(40, 61))), 422, NO_PROOF),
    "a proof where none is due": (lambda: str(asked(40, 40, path=[bytes(32)])), 422, NO_PROOF),
    "a larger fork": (
        lambda: str(asked(40, 60, path=FORK.consistency(40, 60), root=FORK.root(60))),
        422,
        NO_PROOF,
    ),
    "another root for the size that is held": (lambda: str(asked(40, 40, root=FORK.root(40))), 422, TWO_ROOTS),
    "another root, from another old size": (lambda: str(asked(0, 40, root=FORK.root(40))), 409, TWO_ROOTS),
}


@pytest.mark.parametrize("what", TABLE)
def test_a_witness_that_holds_a_head(what: str) -> None:
    make, status, evidence = TABLE[what]
    weighed = weigh(make(), KEYS, {ORIGIN: HELD}.get)
    assert (weighed.status, weighed.evidence) == (status, evidence), weighed.reason
    assert weighed.reason
    if status not in (400, 404, 403):
        assert weighed.held == 40
        assert weighed.checkpoint is not None
        assert weighed.note is not None


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (asked(0, 60), 200),
        (asked(0, 1), 200),
        (asked(0, 60, path=[bytes(32)]), 422),
        (asked(40, 60), 409),
        (asked(0, 0), 200),
        (asked(0, 0, root=TREE.root(1)), 422),
    ],
)
def test_a_witness_that_holds_nothing_yet(request_: Request, status: int) -> None:
    weighed = weigh(str(request_).encode(), KEYS, lambda _origin: None)
    assert (weighed.status, weighed.held) == (status, 0), weighed.reason


def test_any_key_of_the_log_will_do_while_it_changes_keys() -> None:
    text = Checkpoint(ORIGIN, 60, TREE.root(60)).text
    new = Request(40, tuple(TREE.consistency(40, 60)), Note(text, (sign(text, QUANTUM, 7),)))
    assert weigh(str(new), KEYS, {ORIGIN: HELD}.get).status == HTTPStatus.FORBIDDEN
    both = {ORIGIN: [LOG.verifier, QUANTUM.verifier]}
    assert weigh(str(new), both, {ORIGIN: HELD}.get).status == HTTPStatus.OK


def test_what_a_witness_answers_can_be_read() -> None:
    weighed = weigh(str(asked(0, 60)), KEYS, {ORIGIN: HELD}.get)
    assert isinstance(weighed, Weighed)
    assert size_in(f"{weighed.held}\n") == 40
    lines = [sign(HELD.text, each, 9) for each in WITNESSES]
    assert cosignatures_in("".join(map(str, lines))) == tuple(lines)
