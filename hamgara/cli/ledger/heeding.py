"""What a log itself says of its keys: that another one follows, or that one is not to be believed any more.

Whoever has seen such an act under a key that is believed goes on with the new one, and never again believes a head that
only the old one signed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hamgara.algorithms.tlog import Forged, Malformed
from hamgara.algorithms.tlog.cosignatures import verified
from hamgara.algorithms.tlog.keys import VerifierKey
from hamgara.algorithms.tlog.policies import Log, Policy
from hamgara.integrations.published_log import PublishedLog

ROTATED, COMPROMISED = "publication.key_rotated", "publication.key_compromised"


@dataclass
class Heeded:
    """What was heard so far, by the keys as they are written."""

    after: dict[str, str] = field(default_factory=dict)  # a key → the one that follows it
    gone: dict[str, str] = field(default_factory=dict)  # one that is not believed any more → why, in words

    def hear(self, act: dict[str, Any]) -> None:
        """One act of the log, in their order."""
        kind, data = act.get("kind"), act.get("data")
        if not isinstance(data, dict) or kind not in (ROTATED, COMPROMISED):
            return
        old, new = data.get("old" if kind == ROTATED else "key"), data.get("new")
        if not isinstance(old, str) or not isinstance(new, str):
            return
        self.after[old] = new
        if kind == COMPROMISED:
            self.gone[old] = f"not to be believed since {data.get('since')}, when the log had {data.get('size')} acts"

    def read(self, entry: bytes) -> None:
        """As `hear`, for an entry of which nobody knows yet whether it speaks of keys."""
        if b'"publication.key_' in entry:
            try:
                act = json.loads(entry)
            except ValueError:
                return
            if isinstance(act, dict):
                self.hear(act)

    def require_believed(self, log: PublishedLog) -> None:
        """Somebody signed this head who is still to be believed. Raises Forged."""
        if not self.gone:
            return
        signed = {str(each.key) for each in verified(log.note, [each.key for each in log.policy.logs])}
        if signed and signed <= self.gone.keys():
            why = "; ".join(f"{key}: {self.gone[key]}" for key in sorted(signed))
            raise Forged(f"only a key that others had signed this head. {why}. Get the new key by another way")

    def policy(self, policy: Policy) -> Policy:
        """The policy as the log's own acts change it: with the keys that follow, without those that are gone."""
        logs = list(policy.logs)
        for each in logs:  # it grows while it is read: a key may follow one that followed
            new = _key(self.after.get(str(each.key)))
            if new is not None and new.name == each.key.name and all(new != other.key for other in logs):
                logs.append(Log(new, each.url))
        kept = tuple(each for each in logs if str(each.key) not in self.gone)
        return Policy(kept or policy.logs, policy.witnesses, policy.groups, policy.quorum)


def _key(vkey: str | None) -> VerifierKey | None:
    try:
        return None if vkey is None else VerifierKey.parse(vkey)
    except Malformed:
        return None
