"""The sequencer, which gives entries their order, and the followers, who carry news up the house."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import connection, transaction
from procrastinate.contrib.django import app

from hamgara import clock
from hamgara.domain.ledger import queries
from hamgara.domain.ledger.commands import SEQUENCER_LOCK
from hamgara.domain.ledger.events import Event
from hamgara.domain.ledger.models import Bookmark, Entry, Heartbeat, Position
from hamgara.integrations import kept_files, queue

log = logging.getLogger(__name__)

# Positions without news for a follower over which its bookmark moves at once, so that it never reads them again.
STRIDE = 500
# Entries that are read together, also for a follower that deals with them one by one.
AHEAD = 200
# Entries that get their positions in one transaction, so that the first followers need not wait for a million.
AT_ONCE = 20_000


@dataclass(frozen=True)
class Follower:
    """A reader of the ledger that acts on some kinds of entries."""

    name: str
    kinds: tuple[str, ...]
    act: Callable[[list[Entry]], None]
    at_once: int  # entries a transaction
    news: Callable[[], timedelta] | None = None  # what is older than this is not for it; None: it reads everything


FOLLOWERS: dict[str, Follower] = {}


def follower(
    name: str, *events: type[Event], at_once: int = 1, news: Callable[[], timedelta] | None = None
) -> Callable[[Callable[[Entry], None]], Callable[[Entry], None]]:
    """Make `act(entry)` a follower: called once for each entry of these kinds, in the ledger's order.

    What it does and its bookmark commit together. If it raises, it stays at that entry, the trouble is shown by
    `hamgara doctor`, and it is tried again; the other followers go on.

    A follower that writes only rows of its own may read several entries `at_once` in a transaction: a city's whole
    past then takes minutes. One that calls commands may not, for it would hold their rows from everybody else.
    One that only spreads news names how old they may be: what is older it never reads.
    """

    def register(act: Callable[[Entry], None]) -> Callable[[Entry], None]:
        def one_by_one(entries: list[Entry]) -> None:
            for entry in entries:
                act(entry)

        _enrol(name, events, one_by_one, at_once, news)
        return act

    return register


def reader_in_bulk(
    name: str, *events: type[Event], at_once: int
) -> Callable[[Callable[[list[Entry]], None]], Callable[[list[Entry]], None]]:
    """Make `act(entries)` a follower that is given up to `at_once` entries together.

    For one that only renews what it keeps about things: a thousand acts on a hundred things are a hundred renewals.
    """

    def register(act: Callable[[list[Entry]], None]) -> Callable[[list[Entry]], None]:
        _enrol(name, events, act, at_once)
        return act

    return register


def _enrol(
    name: str,
    events: Iterable[type[Event]],
    act: Callable[[list[Entry]], None],
    at_once: int,
    news: Callable[[], timedelta] | None = None,
) -> None:
    if name in FOLLOWERS:
        raise TypeError(f"two followers are called {name!r}")
    FOLLOWERS[name] = Follower(name, tuple(event.KIND for event in events), act, at_once, news)


def everybody_has_read(entry: Entry) -> bool:
    """All followers of this kind of entry have dealt with this one."""
    place = Position.objects.filter(entry=entry).first()
    if place is None:
        return False
    names = [name for name, who in FOLLOWERS.items() if entry.kind in who.kinds]
    return Bookmark.objects.filter(follower__in=names, position__gte=place.number).count() == len(names)


def sequence() -> int:
    """Give committed entries that have none their positions, as many as go at once; return how many got one."""
    return _give_positions(_WAITING, [AT_ONCE])


def order_all() -> int:
    """Give a chronicle's acts their positions, all together: the order of their numbers, which is that of time."""
    return _give_positions(_EVERYTHING, [])


def _give_positions(which: str, given: list[int]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
        cursor.execute(which, given)
        return int(cursor.rowcount)


# Both begin after the last position that was given, and leave no gap.
_WAITING = """
    WITH taken AS (
        DELETE FROM ledger_pending
        WHERE entry_id IN (SELECT entry_id FROM ledger_pending ORDER BY entry_id LIMIT %s) RETURNING entry_id
    )
    INSERT INTO ledger_position (number, entry_id)
    SELECT (SELECT coalesce(max(number), -1) FROM ledger_position) + row_number() OVER (ORDER BY entry_id), entry_id
    FROM taken
"""
_EVERYTHING = """
    WITH waited AS (DELETE FROM ledger_pending)
    INSERT INTO ledger_position (number, entry_id)
    SELECT (SELECT coalesce(max(number), -1) FROM ledger_position) + row_number() OVER (ORDER BY id), id
    FROM ledger_entry WHERE NOT EXISTS (SELECT FROM ledger_position WHERE entry_id = ledger_entry.id)
"""


def _ahead(who: Follower) -> list[Position]:
    """What a follower deals with next, read many at once; when there is nothing, its bookmark moves on.

    Nothing can come in between later: positions are given upwards, after the commit.
    """
    head = queries.head()  # asked first: what comes later is beyond it
    bookmark = Bookmark.objects.get(follower=who.name)
    if bookmark.position >= head:
        return []
    # What followed from an act that was put back stands behind it, as far as it was published too.
    waiting = Position.objects.filter(
        number__gt=bookmark.position, entry__kind__in=who.kinds, entry__restored_at__isnull=True
    )
    waiting = waiting.select_related("entry").order_by("number")
    if head - bookmark.position < STRIDE:  # the few last ones are looked at here: faster than by their age
        since = None if who.news is None else clock.now() - who.news()
        return [position for position in waiting if since is None or position.entry.at >= since]
    if who.news is not None:
        waiting = waiting.filter(entry__at__gte=clock.now() - who.news())
    found = list(waiting[: max(AHEAD, who.at_once)])
    if not found:
        # Where it was; if another process has moved it since, that is well too.
        Bookmark.objects.filter(follower=who.name, position=bookmark.position).update(position=head)
    return found


def _deal(who: Follower, with_these: list[Position]) -> bool:
    """Let a follower deal with these entries, in one transaction with its bookmark; False if others did before."""
    with transaction.atomic():
        bookmark = Bookmark.objects.select_for_update().get(follower=who.name)
        if bookmark.position >= with_these[0].number:
            return False
        with queries.one_moment():
            who.act([position.entry for position in with_these])
        bookmark.position, bookmark.moved_at, bookmark.trouble = with_these[-1].number, clock.now(), ""
        bookmark.save()
    return True


def _advance(who: Follower) -> bool:
    """Let a follower go on until it has read everything or stumbles; True if it moved."""
    moved, most = False, who.at_once
    while waiting := _ahead(who):
        for first in range(0, len(waiting), most):
            try:
                if not _deal(who, waiting[first : first + most]):
                    break
            except Exception as error:  # the follower waits at this entry; nobody else is held up
                if most > 1:
                    most = 1  # those before the one that it stumbles over are dealt with first
                    break
                # Where, and not what: an error's own words may quote personal data.
                where = "".join(traceback.format_tb(error.__traceback__))
                log.error("follower %s stumbled over %s at\n%s", who.name, type(error).__name__, where)
                Bookmark.objects.filter(follower=who.name).update(trouble=f"{type(error).__name__}")
                return moved
            moved = True
    return moved


def read_on(name: str, *, at_once: int) -> None:
    """Let one follower read all that has a position, so many entries at once, and nobody else."""
    Bookmark.objects.get_or_create(follower=name)
    while _advance(replace(FOLLOWERS[name], at_once=at_once)):
        pass


def begin_here() -> None:
    """Let every follower that has read nothing begin at the ledger's end: what followed from its acts is told in it."""
    Bookmark.objects.bulk_create((Bookmark(follower=name) for name in FOLLOWERS), ignore_conflicts=True)
    Bookmark.objects.filter(position=-1).update(position=queries.head())


def catch_up() -> None:
    """Sequence what has committed and let every follower read it, until nothing new comes of it."""
    Bookmark.objects.bulk_create((Bookmark(follower=name) for name in FOLLOWERS), ignore_conflicts=True)
    moved = True
    while moved:
        moved = sequence() > 0
        for who in _with_something_ahead():
            moved = _advance(who) or moved


def _with_something_ahead() -> list[Follower]:
    """Those who have something to read, asked once for all of them; and those whose bookmark is far behind."""
    names = list(FOLLOWERS)
    kinds = [" ".join(who.kinds) for who in FOLLOWERS.values()]
    with connection.cursor() as cursor:
        cursor.execute(_SOMETHING_AHEAD, [names, kinds, STRIDE, STRIDE])
        found = {name for (name,) in cursor.fetchall()}
    return [who for name, who in FOLLOWERS.items() if name in found]


# The limit also keeps PostgreSQL from beginning with all entries of a kind, of which there may be millions.
_SOMETHING_AHEAD = """
    SELECT one.name
    FROM unnest(%s::text[], %s::text[]) AS one (name, kinds)
    JOIN ledger_bookmark ON ledger_bookmark.follower = one.name
    CROSS JOIN (SELECT coalesce(max(number), -1) AS head FROM ledger_position) AS ledger
    WHERE position < head AND (
        head - position >= %s
        OR EXISTS (
            SELECT FROM (
                SELECT entry_id FROM ledger_position WHERE number > position ORDER BY number LIMIT %s
            ) AS ahead
            JOIN ledger_entry ON ledger_entry.id = ahead.entry_id
            WHERE ledger_entry.kind = ANY (string_to_array(one.kinds, ' ')) AND ledger_entry.restored_at IS NULL
        )
    )
"""


def beat(part: str) -> None:
    """Note that a part of the house has just run."""
    Heartbeat.objects.update_or_create(part=part, defaults={"at": clock.now()})


@app.task(name=queue.FOLLOW, lock=queue.FOLLOW)
def follow() -> None:
    """Woken after a command's commit."""
    catch_up()
    beat("worker")


@app.periodic(cron="* * * * *")
@app.task(name="ledger.follow_anyway", lock=queue.FOLLOW, queueing_lock="ledger.follow_anyway")
def follow_anyway(timestamp: int) -> None:
    """The net under the wake: whoever died between commit and wake is caught within a minute."""
    catch_up()
    beat("worker")


@app.periodic(cron="50 3 * * *")
@app.task(name="ledger.sweep_kept_files", queueing_lock="ledger.sweep_kept_files")
def sweep_kept_files(timestamp: int) -> None:
    """Every night: files go whose act was killed before its commit, so that no row names them."""
    gone = kept_files.sweep()
    if gone:
        log.info("removed %s files that no row names", gone)
