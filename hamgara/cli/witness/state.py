"""What a witness must never lose: its key, the logs it knows, the last head of each, and what speaks against them.

One folder, plain files. A head is replaced only by one that continues it, under a lock that other processes see too,
and is on the disk before anybody hears of its cosignature. A file that cannot be read stops the witness for that log:
to begin anew would be to forget, and a witness that forgets is no witness.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from hamgara.algorithms.tlog import Wrong, exchange
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.cosignatures import sign, verified
from hamgara.algorithms.tlog.exchange import Weighed
from hamgara.algorithms.tlog.keys import COSIGNATURE, SignerKey, VerifierKey
from hamgara.algorithms.tlog.notes import Note, Signature
from hamgara.algorithms.tlog.policies import Log, Policy

MOST_EVIDENCE = 1000  # of each log: whoever repeats a true accusation fills no disk
OLDER_HEAD = "an older head was published"
# No clock that is right shows less: this program is younger (2026-01-01).
EARLIEST = 1_767_225_600
# Seconds that a clock may be ahead of the last signature and be believed. A witness that signed a time far ahead could
# sign nothing more until that time has come, so that whoever was away for longer says first that the clock is right.
FAR = 90 * 86_400


class Unusable(Exception):
    """The folder of this witness is not as it must be; the message says what to do."""


class ClockWrong(Unusable):
    """What this computer takes for the time cannot be signed; the message says what to do."""


@dataclass(frozen=True)
class Decided:
    """What the witness answers, and its cosignature when it gave one."""

    weighed: Weighed
    cosignature: Signature | None = None


class State:
    """The folder of a witness. Several threads and processes may use one."""

    def __init__(self, folder: Path) -> None:
        """Raises Unusable when there is no key in the folder, or one that is none."""
        self._folder = folder
        try:
            self._key = SignerKey.parse((folder / "key").read_text(encoding="utf-8").strip())
        except FileNotFoundError:
            raise Unusable(f"{folder} has no key yet. Make one: hamgara witness key NAME --state {folder}") from None
        except (OSError, UnicodeError, Wrong) as error:
            raise Unusable(f"the key in {folder} cannot be used: {error}") from error

    @classmethod
    def begin(cls, folder: Path, name: str) -> State:
        """A new witness of this name. Raises Unusable where there is one already: a key is made once."""
        key = SignerKey(name, COSIGNATURE, os.urandom(32))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            made = os.open(folder / "key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Unusable(f"{folder} has a key already. A witness has one key, and keeps it.") from None
        with os.fdopen(made, "w", encoding="utf-8") as file:
            file.write(f"{key.secret()}\n")
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(folder)
        return cls(folder)

    @property
    def verifier(self) -> VerifierKey:
        """The public key: what others must know to believe this witness."""
        return self._key.verifier

    # The logs it knows, in the lines of a policy.

    def logs(self) -> tuple[Log, ...]:
        """Those that were added. Raises Unusable when the file is not as it must be."""
        path = self._folder / "logs"
        try:
            lines = path.read_text(encoding="utf-8") if path.exists() else ""
            return Policy.parse(f"{lines}quorum none\n").logs
        except (OSError, UnicodeError, Wrong) as error:
            raise Unusable(f"{path} cannot be used: {error}") from error

    def add_log(self, vkey: str, url: str | None) -> Log:
        """Know a log by its key; the same key again only gives it another address. Raises Unusable."""
        try:
            log = Log(VerifierKey.parse(vkey), url)
            with self._locked():
                others = tuple(each for each in self.logs() if each.key != log.key)
                lines = str(Policy((*others, log))).removesuffix("quorum none\n")
                _write(self._folder / "logs", lines)
        except Wrong as error:
            raise Unusable(f"this is not the key of a log: {error}") from error
        return log

    def forget_key(self, vkey: str) -> int:
        """Believe this key of a log no more; how many other keys that log has here. Raises Unusable."""
        with self._locked():
            logs = self.logs()
            gone = [each for each in logs if str(each.key) == vkey]
            if not gone:
                raise Unusable("this key is not known here")
            left = tuple(each for each in logs if str(each.key) != vkey)
            _write(self._folder / "logs", str(Policy(left)).removesuffix("quorum none\n"))
        return sum(each.key.name == gone[0].key.name for each in left)

    def keys_of_logs(self) -> dict[str, list[VerifierKey]]:
        """The keys of each log, by its origin."""
        by_origin: dict[str, list[VerifierKey]] = {}
        for log in self.logs():
            by_origin.setdefault(log.key.name, []).append(log.key)
        return by_origin

    # Heads.

    def head(self, origin: str) -> Note | None:
        """The last head that was cosigned, signed by the log and us; None before the first. Raises Unusable."""
        path = self._head(origin)
        try:
            note = Note.parse(path.read_bytes())
            if Checkpoint.parse(note.text).origin != origin:
                raise Unusable(f"{path} is the head of another log. {_RESTORE}")
        except FileNotFoundError:
            return None
        except (OSError, Wrong) as error:
            raise Unusable(f"{path} cannot be read: {error}. {_RESTORE}") from error
        return note

    def head_by_hash(self, origin_hash: str) -> Note | None:
        """As `head`, for the SHA-256 of the origin in hexadecimal; None also for a log that is not known."""
        known = {_hashed(origin): origin for origin in self.keys_of_logs()}
        return self.head(known[origin_hash]) if origin_hash in known else None

    def decide(self, body: bytes | str) -> Decided:
        """Weigh a request; where it may be cosigned, keep the new head and then cosign. Raises Unusable, OSError."""
        with self._locked():
            keys = self.keys_of_logs()
            weighed = exchange.weigh(body, keys, self._held)
            checkpoint, note = weighed.checkpoint, weighed.note
            if checkpoint is None or note is None:
                return Decided(weighed)
            if weighed.evidence:
                self._accuse(weighed.evidence, checkpoint, note)
            if weighed.status != HTTPStatus.OK:
                return Decided(weighed)
            cosignature = sign(note.text, self._key, self._time())
            known = {(key.name, key.key_id) for key in keys[checkpoint.origin]}
            logs_own = tuple(each for each in note.signatures if (each.name, each.key_id) in known)
            _write(self._head(checkpoint.origin), str(Note(note.text, (*logs_own, cosignature))))
            return Decided(weighed, cosignature)

    # The time, which is signed too, and never goes back.

    def last_signed(self) -> int:
        """The latest time that this witness has stated, for whichever log; 0 before the first."""
        times = [0]
        for path in (self._folder / "heads").glob("[!.]*"):
            try:
                times += [each.timestamp or 0 for each in verified(Note.parse(path.read_bytes()), [self.verifier])]
            except (OSError, Wrong):
                continue  # whoever asks for that very log is told
        return max(times)

    def trust_clock(self) -> int:
        """Somebody has looked: what the clock shows now is the time. Raises ClockWrong where it still cannot be."""
        with self._locked():
            now = int(time.time())
            _require_possible(now, self.last_signed())
            _write(self._folder / "clock", f"{now}\n")
        return now

    def _time(self) -> int:
        """The time to sign. Raises ClockWrong for one before the last, or absurd."""
        now, last = int(time.time()), self.last_signed()
        _require_possible(now, last)
        try:
            looked = int((self._folder / "clock").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            looked = 0
        if last and now > max(last, looked) + FAR:
            raise ClockWrong(
                f"the clock of this computer says {_shown(now)}, {(now - last) // 86_400} days after the last signature"
                ". If that is right, say so once: hamgara witness clock --right. If not, set it: "
                "a witness that signs a time to come can sign nothing more until then"
            )
        return now

    def _held(self, origin: str) -> Checkpoint | None:
        note = self.head(origin)
        return None if note is None else Checkpoint.parse(note.text)

    def _head(self, origin: str) -> Path:
        return self._folder / "heads" / _hashed(origin)

    # Evidence.

    def accuse(self, reason: str, note: Note) -> None:
        """Keep a head that the log signed beside the one that is held; each only once. Raises Unusable, OSError."""
        with self._locked():
            self._accuse(reason, Checkpoint.parse(note.text), note)

    def evidence(self) -> Iterator[dict[str, Any]]:
        """What is kept against logs, the oldest first: origin, reason, time, the head held and the one offered."""
        found = [json.loads(path.read_text(encoding="utf-8")) for path in (self._folder / "evidence").glob("*/*.json")]
        yield from sorted(found, key=lambda each: each["at"])

    def _accuse(self, reason: str, checkpoint: Checkpoint, note: Note) -> None:
        folder = self._folder / "evidence" / _hashed(checkpoint.origin)
        # By what was offered, not by who signed it: the same head again says nothing new.
        path = folder / f"{checkpoint.size}-{hashlib.sha256(note.text.encode()).hexdigest()[:16]}.json"
        if path.exists() or (folder.exists() and sum(1 for _each in folder.iterdir()) >= MOST_EVIDENCE):
            return
        held = self.head(checkpoint.origin)
        said = {
            "origin": checkpoint.origin,
            "reason": reason,
            "at": int(time.time()),
            "held": None if held is None else str(held),
            "offered": str(note),
        }
        _write(path, json.dumps(said, ensure_ascii=False, indent=1) + "\n")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One at a time, of all threads and processes on this folder."""
        with (self._folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _require_possible(now: int, last: int) -> None:
    if now < EARLIEST:
        raise ClockWrong(f"the clock of this computer says {_shown(now)}, which cannot be: set it, then go on")
    if now < last:
        raise ClockWrong(
            f"the clock of this computer says {_shown(now)}, and this witness has signed at {_shown(last)} already: it "
            "went back. Set it. If it was the earlier time that was wrong, this key can sign nothing before then: make "
            "a new key with a new name, and tell the city"
        )


def _shown(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S} UTC"


_RESTORE = "Do not delete it and do not put back an older one: ask the log to accept a new witness key instead"


def _hashed(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and on the disk when this returns. Raises OSError."""
    path.parent.mkdir(mode=0o700, exist_ok=True, parents=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    _sync_folder(path.parent.parent)  # it may have been made just now


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
