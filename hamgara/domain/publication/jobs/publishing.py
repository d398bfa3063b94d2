"""The publisher: gives the ledger its heads, and puts it out as files, signed, for anybody to mirror.

What is fixed in the database comes first, files follow, the checkpoint is last. Whatever is interrupted is begun again
at the published checkpoint, by the same steps, with the same bytes (docs/decisions/publishing.md).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from hamgara import clock
from hamgara.algorithms.tlog import Wrong
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.cosignatures import sign, signed_by
from hamgara.algorithms.tlog.keys import ED25519, SEED, SignerKey
from hamgara.algorithms.tlog.notes import Note
from hamgara.algorithms.tlog.policies import NONE
from hamgara.algorithms.tlog.tiles import WIDTH, Edge, Grown, Reader, bundle_path, grow, tile_path
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.publication import queries
from hamgara.domain.publication.jobs.witnessing import Witnesses
from hamgara.domain.publication.models import Head, LogKey
from hamgara.integrations import kept_keys
from hamgara.integrations.log_folder import LogFolder
from hamgara.integrations.published_log import CHECKPOINT, POLICY, WITNESSED

log = logging.getLogger(__name__)

# Entries of one step: 50 full tiles, in memory together with their bundles.
AT_ONCE = 50 * WIDTH
# Any number that nothing else in this database locks: one more than the sequencer's.
PUBLISHER_LOCK = 4264273


class Behind(Exception):
    """Nothing may be signed: the database does not know the head that is published already. The message says more."""


class Publisher:
    """Publishes the ledger, a step at a time; one process at a time."""

    def __init__(self, folder: LogFolder, signers: list[SignerKey]) -> None:
        self.folder, self.signers = folder, signers
        self._edge: Edge | None = None  # of what is written; None: to be read from the files
        self._witnesses = Witnesses()

    def step(self) -> bool:
        """Publish what has been recorded since the last step; True if there is more. Raises Behind, OSError, Wrong."""
        with self._alone() as alone:
            if not alone:
                return False
            try:
                self.signers = signers()
                more = self._step(self._edge if self._edge is not None else self._resume())
                head = queries.published()
                if not more and head is not None:  # its files are there for everybody before anybody else is asked
                    self._show(self._signed(head))
                    self._witnesses.ask(head, lambda: Reader(head.size, bytes(head.root), self.folder.fetch))
                    self._show(Head.objects.get(size=head.size))
                return more
            except BaseException:
                self._edge = None  # whatever got written is read anew
                raise

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        with self.folder.alone() as here, connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [PUBLISHER_LOCK])
            [nobody_else] = cursor.fetchone()
            try:
                yield here and nobody_else
            finally:
                if nobody_else and connection.is_usable():
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [PUBLISHER_LOCK])

    def _resume(self) -> Edge:
        """The edge of what is published."""
        written = self.folder.fetch(CHECKPOINT)
        if written is None:
            return Edge()
        note = Note.parse(written)
        signed_by(note, [each.key for each in queries.log_keys()])  # whichever signed it then; the database decides
        head = Checkpoint.parse(note.text)
        require_known(head.size, head.root)
        Head.objects.filter(size=head.size, published_at=None).update(note=str(note), published_at=clock.now())
        try:
            return Edge.read(head.size, head.root, self.folder.fetch)
        except Wrong as error:
            log.warning("the files of the log are damaged and are written anew: %s", error)
            return Edge()

    def _step(self, edge: Edge) -> bool:
        require_known(edge.size, edge.root)
        head, grown = _next(edge)
        if head is None:
            self._edge = edge
            return False
        if grown.edge.root != bytes(head.root):
            raise Behind(f"the entries up to {head.size} have another root than the head that was fixed for them")
        self.folder.write(grown.files)
        self._compare(head, grown)
        left = ledger.head() + 1 - head.size
        newest = queries.published()
        # While it catches up nothing is shown, and never less than was shown before.
        if left < AT_ONCE and (newest is None or head.size >= newest.size):
            self._publish(head)
        self._forget_partials(edge, grown.edge)
        self._edge = grown.edge
        # What has come while this was done may wait and go together; what no step had room for goes at once.
        return left > 0 and head.size - edge.size >= AT_ONCE - WIDTH

    def _compare(self, head: Head, grown: Grown) -> None:
        """What stands in the files is what was meant, and gives the root that was fixed."""
        for path, content in grown.files.items():
            if self.folder.fetch(path) != content:
                raise OSError(f"{path} was not written as it was given: look after the disk")
        if Edge.read(head.size, bytes(head.root), self.folder.fetch) != grown.edge:
            raise OSError("the files at the edge of the log are not those that were written: look after the disk")

    def _publish(self, head: Head) -> None:
        self._show(self._signed(head))
        Head.objects.filter(size=head.size, published_at=None).update(published_at=clock.now())

    def _signed(self, head: Head) -> Head:
        """The head with the signature of every key that signs now; an older one gets those of newer keys too."""
        text = Checkpoint(self.signers[0].name, head.size, bytes(head.root)).text
        note = Note.parse(head.note) if head.note else Note(text, ())
        there = {(each.name, each.key_id) for each in note.signatures}
        lacking = [each for each in self.signers if (each.name, each.verifier.key_id) not in there]
        if lacking:
            head.note = str(note.adding([sign(text, each) for each in lacking]))
            Head.objects.filter(size=head.size).update(note=head.note)
        return head

    def _show(self, head: Head) -> None:
        """Put out what belongs to a head whose tiles are there, where it is not out yet, the checkpoint last of all."""
        policy = queries.policy(address())
        texts = {POLICY: queries.policy_text(address())}
        if policy.quorum != NONE and policy.standing(Note.parse(head.note)).witnessed:
            texts[WITNESSED] = head.note
        elif (older := self.folder.fetch(WITNESSED)) is not None:  # by today's keys too
            seen = Head.objects.filter(size=Checkpoint.parse(Note.parse(older).text).size).first()
            if seen is not None:
                texts[WITNESSED] = self._signed(seen).note
        texts[CHECKPOINT] = head.note
        for name, text in texts.items():
            if self.folder.fetch(name) != text.encode():
                self.folder.write({name: text.encode()})

    def _forget_partials(self, old: Edge, new: Edge) -> None:
        """Partial files of the tile before the last full one go: whoever read an older head has read it by now."""
        level, before, after = 0, old.size // WIDTH, new.size // WIDTH
        while after > before:
            for number in range(max(before - 1, 0), after - 1):
                self.folder.forget_partials(tile_path(level, number))
                if level == 0:
                    self.folder.forget_partials(bundle_path(number))
            level, before, after = level + 1, before // WIDTH, after // WIDTH


def require_known(size: int, root: bytes) -> None:
    """The database knows this head. Raises Behind."""
    if size and not Head.objects.filter(size=size, root=root).exists():
        raise Behind(
            f"a head of {size} entries is published, and this database does not know it: it was put back from a backup "
            "that is older. Nothing is signed until a newer one is put back, or the acts that it lacks are: "
            "hamgara ledger restore (docs/operate.md)"
        )


def _next(edge: Edge) -> tuple[Head | None, Grown]:
    """The head to publish next, and the files that it needs: one that is fixed already, or a new one, fixed here."""
    fixed = Head.objects.filter(size__gt=edge.size, size__lte=edge.size + AT_ONCE).order_by("-size").first()
    if fixed is not None:
        return fixed, grow(edge, queries.leaves(edge.size, fixed.size))
    # No two heads are further apart, and the tiles of one that is far behind are full.
    stop = edge.size + AT_ONCE - edge.size % WIDTH
    grown = grow(edge, queries.leaves(edge.size, stop))
    if grown.edge.size == edge.size:
        return None, grown
    return Head.objects.create(size=grown.edge.size, root=grown.edge.root, fixed_at=clock.now()), grown


def address() -> str | None:
    """Where the log is read; None where this installation has no address of its own."""
    origins: list[str] = settings.CSRF_TRUSTED_ORIGINS
    return f"{origins[0]}/ledger/log" if origins else None


def origin() -> str:
    """The name of a new log, which no other has: of its address; where there is none, made up."""
    if settings.LOG_ORIGIN:
        return str(settings.LOG_ORIGIN)
    host = urlsplit(address() or "").hostname or f"{secrets.token_hex(6)}.localhost"
    return f"{host}/ledger/log"


def signers() -> list[SignerKey]:
    """The keys that sign the log now, the first of them made at the first start. Raises Behind where all are lost."""
    path: Path = settings.LOG_KEY
    known, there = queries.signing_keys(), kept_keys.kept(path)
    if not known and not LogKey.objects.exists():
        if not there:
            there = [SignerKey(origin(), ED25519, secrets.token_bytes(SEED))]
            kept_keys.keep(path, there[0])
        LogKey.objects.get_or_create(vkey=str(there[0].verifier), defaults={"since": clock.now()})
        known = [there[0].verifier]
    signing = [each for key in known for each in there if each.verifier == key]
    if not signing and not there:
        raise Behind(f"the key that signs the log is not in {path}: put it back, or see docs/operate.md")
    if not signing:
        raise Behind(f"the key in {path} is not the one that signs this log: put the right one back")
    return signing


def publisher() -> Publisher:
    """The publisher of this installation."""
    return Publisher(LogFolder(settings.LOG_ROOT), signers())
