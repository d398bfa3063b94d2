"""Watch a log: tell what is new in it, what does not continue what was seen, and which deadlines passed without an act.

The first time the whole log is read and what is overdue is told; from then on every new act. The head, and the
deadlines that are open, are kept in a folder, and go forward only when everything before them was told: whoever is cut
off hears it again rather than never.

Exit status: 0 nothing is wrong, 1 the log does not hold or cannot be read, 3 a deadline passed since the last time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hamgara.algorithms.tlog import Wrong
from hamgara.algorithms.tlog.policies import Policy
from hamgara.cli.ledger import verifying
from hamgara.cli.ledger.heeding import Heeded
from hamgara.cli.ledger.mirroring import kept_head, require_continued
from hamgara.integrations.log_files import Unreachable, files_of
from hamgara.integrations.log_folder import LogFolder
from hamgara.integrations.published_log import CHECKPOINT, POLICY, Fetch, PublishedLog

STATE = Path.home() / ".local" / "share" / "hamgara-monitor"
OPEN = "deadlines.json"
OVERDUE = 3
# Whose deadline an act speaks of, under which name it says it, and after which acts nothing is awaited any more. The
# latest act that names a deadline counts, but for those that only say that one is near or over.
_AWAITED = {
    "demands": ("demand", ("deadline",)),
    "commitments": ("commitment", ("new", "due")),
    "oversight": ("review", ("due",)),
}
_SPEAK_OF_IT = {
    *("demands.deadline_passed", "demands.deadline_near", "demands.escalated", "oversight.reminded"),
    *("commitments.deadline_passed", "commitments.due_soon", "commitments.proposed", "commitments.part_added"),
}
_END = {
    *("demands.withdrawn", "demands.declined", "demands.merged", "demands.answered", "demands.refused"),
    *("demands.found_not_doable", "demands.closed"),
    *("commitments.withdrawn", "commitments.reported_done", "commitments.settled", "commitments.proposal_lapsed"),
    *("oversight.settled", "oversight.lapsed"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("where", metavar="URL|DIR", help="the address of the log, or a folder with a mirror of it")
    parser.add_argument("--state", type=Path, default=None, metavar="DIR", help=f"what it keeps (default: {STATE}/…)")
    parser.add_argument("--every", type=float, metavar="MINUTES", help="go on watching; once, if this is not given")
    parser.add_argument(
        "--policy", type=Path, help="the file that says whose signatures count; without it, what the log said at first"
    )


def run(args: argparse.Namespace) -> int:
    kept = args.state or STATE / hashlib.sha256(args.where.encode()).hexdigest()[:16]
    policy = verifying.given(args.policy)
    while True:
        try:
            status = watch(files_of(args.where), LogFolder(kept), policy, datetime.now(UTC).date())
        except (Wrong, Unreachable) as trouble:
            if args.every is None:
                raise
            print(f"✗ {trouble}", file=sys.stderr, flush=True)
            status = 1
        if args.every is None:
            return status
        threading.Event().wait(max(args.every, 0.1) * 60)


@dataclass
class Deadlines:
    """What somebody is waiting for, by «demand 57124536», and what was told already."""

    open: dict[str, str] = field(default_factory=dict)  # until when
    told: dict[str, str] = field(default_factory=dict)  # the deadline that was told as overdue

    def hear(self, act: dict[str, Any]) -> None:
        """One act of the ledger, in their order."""
        kind, data = str(act.get("kind", "")), act.get("data")
        what, names = _AWAITED.get(kind.partition(".")[0], ("", ()))
        if not isinstance(data, dict) or what not in data or kind in _SPEAK_OF_IT:
            return
        whose = f"{what} {data[what]}"
        if kind in _END:
            self.open.pop(whose, None)
            return
        for name in names:
            if name in data:
                if isinstance(data[name], str):
                    self.open[whose] = data[name]
                else:
                    self.open.pop(whose, None)
                return

    def overdue(self, today: date) -> list[tuple[str, str]]:
        """What passed and was not told yet, the oldest first."""
        passed = [(until, whose) for whose, until in self.open.items() if until < today.isoformat()]
        return [(whose, until) for until, whose in sorted(passed) if self.told.get(whose) != until]


def watch(source: Fetch, kept: LogFolder, policy: Policy | None, today: date) -> int:
    """Once: read what is new, tell it, keep how far it is. Raises Wrong, Unreachable, OSError."""
    if policy is None and (before := kept.fetch(POLICY)) is not None:
        policy = Policy.parse(before)
    log = PublishedLog.read(source, policy)
    require_continued(kept, log)
    last = kept.fetch(CHECKPOINT)
    seen = 0 if last is None else kept_head(last).size
    deadlines, keys = _deadlines(kept) if last is not None else Deadlines(), Heeded()
    for index, entry in enumerate(log.reader.entries(seen), seen):
        act = _act(entry)
        deadlines.hear(act)
        keys.hear(act)
        if last is not None:
            print(f"{index}  {act.get('at', '')[:19]}  {_told(act)}")
    keys.require_believed(log)
    heeded = keys.policy(log.policy)
    for each in heeded.logs:
        if each not in log.policy.logs:
            print(f"KEY      the log is signed with a new key, as the old one says: {each.key}")
    for key, why in keys.gone.items():
        print(f"KEY      {key}: {why}")
    print(f"{log.head.origin}: {log.head.size} acts, {log.head.size - seen} of them new")
    late = deadlines.overdue(today)
    for whose, until in late:
        deadlines.told[whose] = until
        print(f"OVERDUE  {whose}: {until} passed, and no act says what became of it")
    sys.stdout.flush()
    # The head is last: what was told before it stands.
    kept.write({POLICY: str(heeded).encode(), OPEN: json.dumps(vars(deadlines), ensure_ascii=False).encode()})
    kept.write({CHECKPOINT: str(log.note).encode()})
    return OVERDUE if late else 0


def _deadlines(kept: LogFolder) -> Deadlines:
    try:
        return Deadlines(**json.loads(kept.fetch(OPEN) or b"{}"))
    except (ValueError, TypeError) as error:
        raise Wrong(f"{kept.root / OPEN} cannot be read; remove {kept.root / CHECKPOINT} to begin anew") from error


def _act(entry: bytes) -> dict[str, Any]:
    """An entry as a map; empty for one that is none, which a log may hold and nobody waits for."""
    try:
        act = json.loads(entry)
    except ValueError:
        return {}
    return act if isinstance(act, dict) else {}


def _told(act: dict[str, Any]) -> str:
    data = act.get("data")
    about = [
        f"{what} {data[what]}" for what in ("commitment", "demand", "review") if isinstance(data, dict) and what in data
    ]
    return f"{act.get('kind', 'sealed: an act about a person alone')}  {about[0] if about else ''}".rstrip()
