"""Asking the witnesses of the log, and taking what they send of themselves (C2SP tlog-witness)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from django.db import transaction

from hamgara import clock
from hamgara.algorithms.tlog import Forged, Malformed, Wrong
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.cosignatures import signed_by
from hamgara.algorithms.tlog.exchange import Request, cosignatures_in, size_in
from hamgara.algorithms.tlog.notes import Note
from hamgara.algorithms.tlog.tiles import Reader
from hamgara.domain.publication import queries
from hamgara.domain.publication.models import Head, Witness
from hamgara.integrations.log_files import Unreachable, post

log = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds for all witnesses together; whoever answers later is asked again
AGAIN = 60.0  # seconds until a witness that did not answer is asked again
LONGEST = 64_000  # bytes of what a witness sends
FUTURE = timedelta(minutes=10)  # a clock that is ahead by more is wrong

Answer = tuple[int, bytes]


class Witnesses:
    """Asks those that can be asked, all at once; a dead one costs the others nothing."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(8, thread_name_prefix="witness")
        self._not_before: dict[str, float] = {}

    def ask(self, head: Head, reader: Callable[[], Reader]) -> None:
        """Ask for cosignatures of this published head, where they are missing."""
        now = time.monotonic()
        due = [
            each
            for each in queries.witnesses()
            if each.url and each.seen_size != head.size and self._not_before.get(each.vkey, 0) <= now
        ]
        if not due:
            return
        log_of = reader()
        known = {each.vkey: min(each.seen_size, head.size) for each in due}
        for _round in range(2):  # one that has seen more or less than we think says so, and is asked once more
            answers = self._asked(head, log_of, due, known)
            due = []
            for witness, (status, body) in answers:
                held = _held(status, body)
                if status == HTTPStatus.OK:
                    self._taken(head, witness, body)
                elif held is not None and held <= head.size and held != known[witness.vkey]:
                    known[witness.vkey] = held
                    due.append(witness)
                    continue
                else:
                    log.warning("%s answers %s", witness.subject, status)
            if not due:
                return

    def _asked(
        self, head: Head, reader: Reader, due: list[Witness], known: dict[str, int]
    ) -> list[tuple[Witness, Answer]]:
        asked = {}
        for witness in due:
            self._not_before[witness.vkey] = time.monotonic() + AGAIN
            old = known[witness.vkey]
            body = str(Request(old, tuple(reader.consistency(old)), Note.parse(head.note)))
            asked[self._pool.submit(post, f"{witness.url}/add-checkpoint", body)] = witness
        answered, _late = wait(asked, timeout=PATIENCE)
        found = []
        for each in answered:
            try:
                found.append((asked[each], each.result()))
            except Unreachable as error:
                log.warning("%s: %s", asked[each].subject, error)
        return found

    def _taken(self, head: Head, witness: Witness, body: bytes) -> None:
        try:
            note = Note(Note.parse(head.note).text, cosignatures_in(body[:LONGEST]))
            status = _add(note)
        except Wrong as error:
            status = HTTPStatus.FORBIDDEN
            log.warning("%s: %s", witness.subject, error)
        if status == HTTPStatus.OK:
            self._not_before.pop(witness.vkey, None)
        else:
            log.warning("what %s sent is not taken: %s", witness.subject, status.phrase)


def take(body: bytes) -> HTTPStatus:
    """Take what a witness sends of itself: the checkpoint with its cosignature; the status says how it went."""
    if len(body) > LONGEST:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    try:
        return _add(Note.parse(body))
    except Malformed:
        return HTTPStatus.BAD_REQUEST
    except Forged:
        return HTTPStatus.FORBIDDEN


def _add(note: Note) -> HTTPStatus:
    """Put cosignatures under the head that is published. Raises Malformed; Forged where nobody who counts signed."""
    Checkpoint.parse(note.text)
    with transaction.atomic():
        newest = Head.objects.exclude(published_at=None).select_for_update().order_by("-size").first()
        there = {(each.key.name, each.key.key_id): each for each in queries.witnesses()}
        found = signed_by(note, [each.key for each in there.values()])
        if newest is None or Note.parse(newest.note).text != note.text:
            return HTTPStatus.CONFLICT
        latest = int((clock.now() + FUTURE).timestamp())
        if any(each.timestamp is None or not 0 < each.timestamp <= latest for each in found):
            return HTTPStatus.FORBIDDEN
        theirs = [line for line in note.signatures if (line.name, line.key_id) in there]
        Head.objects.filter(size=newest.size).update(note=str(Note.parse(newest.note).adding(theirs)))
        for each in found:
            seen = datetime.fromtimestamp(each.timestamp or 0, UTC)
            witness = there[each.key.name, each.key.key_id]
            Witness.objects.filter(pk=witness.pk).update(seen_size=newest.size, seen_at=seen)
    return HTTPStatus.OK


def _held(status: int, body: bytes) -> int | None:
    """The size that a witness says it holds, where it does."""
    if status != HTTPStatus.CONFLICT:
        return None
    try:
        return size_in(body[:100])
    except Malformed:
        return None
