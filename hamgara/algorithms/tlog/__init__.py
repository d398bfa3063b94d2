"""A transparency log that anybody can check: trees, tiles, notes, checkpoints, cosignatures, receipts and policies.

After RFC 6962 and the specifications of C2SP (docs/decisions/transparency-log.md says which, and why). Nothing here
reads, writes, asks the time or draws at random: bytes and texts come in, bytes and texts go out.

Every text is read strictly: what does not print to itself again is refused, so that no two texts mean the same.
"""

from __future__ import annotations


class Wrong(ValueError):
    """What was given is not what it says it is; the message says why."""


class Malformed(Wrong):
    """It cannot even be read: not of the form that its specification asks for."""


class Forged(Wrong):
    """A signature that a known key should have made is not there, or is not by that key."""


class Missing(Wrong):
    """A file that a log of this size must have is not there."""
