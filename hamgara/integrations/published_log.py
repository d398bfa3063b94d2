"""A published log, read as any stranger reads it: by its files alone, whoever serves them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from hamgara.algorithms.tlog import Missing
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.notes import Note
from hamgara.algorithms.tlog.policies import Policy, Standing
from hamgara.algorithms.tlog.receipts import Proof, Receipt
from hamgara.algorithms.tlog.tiles import Reader

CHECKPOINT, POLICY = "checkpoint", "policy.txt"
# The newest checkpoint that enough witnesses cosigned, where the newest of all waits for them.
WITNESSED = "checkpoint.witnessed"

Fetch = Callable[[str], bytes | None]


@dataclass(frozen=True)
class PublishedLog:
    """What a checkpoint says, who signed it, and the files that belong to it."""

    fetch: Fetch
    note: Note
    policy: Policy
    standing: Standing

    @classmethod
    def read(cls, fetch: Fetch, policy: Policy | None = None, checkpoint: str = CHECKPOINT) -> PublishedLog:
        """The log as it is now. Without a `policy` of one's own, the log's is believed.

        Raises Missing where no log is published, and Wrong where nobody whom the policy knows signed it.
        """
        written = fetch(checkpoint)
        if written is None:
            raise Missing(f"there is no {checkpoint}: no log is published here")
        if policy is None:
            given = fetch(POLICY)
            if given is None:
                raise Missing(f"there is no {POLICY}: give the file that says whose signature counts")
            policy = Policy.parse(given)
        note = Note.parse(written)
        return cls(fetch, note, policy, policy.standing(note))

    @property
    def head(self) -> Checkpoint:
        """Its origin, size and root."""
        return self.standing.checkpoint

    @cached_property
    def reader(self) -> Reader:
        """What reads its entries and believes nothing that the root does not vouch for. Raises Wrong."""
        return Reader(self.head.size, self.head.root, self.fetch, kept=16)

    def receipt(self, index: int) -> Receipt:
        """The receipt of an entry that is in it. Raises ValueError, Wrong."""
        return Receipt(index, tuple(self.reader.inclusion(index)), self.note)

    def proof(self, index: int) -> Proof:
        """The way from an entry up to the root, checked. Raises ValueError, Wrong."""
        return self.receipt(index).verify(self.reader.leaf(index), self.policy)
