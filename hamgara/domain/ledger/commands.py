"""The only way to write: one verb, one transaction, one recorded event; in bulk, an event for each act."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Q
from psycopg.errors import DeadlockDetected, UniqueViolation
from psycopg.types.json import Jsonb

from hamgara import clock
from hamgara.algorithms import canonical, commitment
from hamgara.algorithms.lifecycle import WrongState
from hamgara.domain.ledger import queries
from hamgara.domain.ledger.events import Actor, Event
from hamgara.domain.ledger.models import Entry, Opening, Position
from hamgara.domain.ledger.policies import Decision, Denied
from hamgara.integrations import kept_files, queue
from hamgara.integrations.copying import Json, copy

FORMAT = 1  # version of the entry's shape
SALT_BYTES = 32
# Any number that nothing else in this database locks: «hamgara» on a telephone's keys.
SEQUENCER_LOCK = 4264272
CAME_BETWEEN = (UniqueViolation, DeadlockDetected)

P = ParamSpec("P")
R = TypeVar("R")


class Refused(Exception):
    """A policy said no; the reason is for the reader. `overtaken` and `about` are the policy's (`Denied`)."""

    def __init__(self, reason: str, *, overtaken: bool = False, about: str = "") -> None:
        super().__init__(reason)
        self.reason, self.overtaken, self.about = reason, overtaken, about


class Invalid(Exception):
    """What was sent cannot be done as it stands: field → what is wrong with it, for the reader."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(dict(problems))
        self.problems = problems


class Replayed(Exception):
    """This very act was done before: the same form came twice."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.id)
        self.entry = entry


class Noted(NamedTuple):
    """What a command has recorded, as its check wants to know it."""

    kind: str
    at: datetime
    number: int | None


_recorded: ContextVar[list[Noted] | None] = ContextVar("recorded", default=None)


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Make `function(*, by, …)` a command: all or nothing, exactly one event, never inside another command.

    Raises `Refused`, `Invalid` or `Replayed`; in each case, as on any error, nothing was written. A form that comes
    twice is told from a new act in every command, whatever its first coming has changed.
    """

    def one(entries: list[Noted]) -> None:
        if len(entries) != 1:
            raise RuntimeError(f"{function.__qualname__} recorded {len(entries)} events; a command records one")

    return _writer(function, one)


def batch(function: Callable[P, R]) -> Callable[P, R]:
    """Make `function(*, by, …)` a command for many acts of one kind: all or nothing, one event for each of them.

    For what comes in bulk, such as a city's past: the rows are written and recorded together (`record_all`), because
    one transaction for each would take hours. Nothing else differs from a command.
    """

    def any_number(entries: list[Noted]) -> None:
        if len({entry.kind for entry in entries}) > 1:
            raise RuntimeError(f"{function.__qualname__} recorded several kinds of events; a batch has one verb")

    run = _writer(function, any_number)
    run.is_batch = True  # type: ignore[attr-defined]
    return run


def chronicle(function: Callable[P, R]) -> Callable[P, R]:
    """Make `function(*, by, …)` a command that writes whole lives down, each with all its acts: all or nothing.

    For made-up cities alone, whose years of history would take days as single commands. The acts are of many kinds, and
    those of other floors stand between them: so each has a number that was kept free for it (`keep_numbers`), and the
    ledger's order is that of time.
    """

    def in_order_of_time(entries: list[Noted]) -> None:
        ordered = sorted(entries, key=lambda entry: entry.number or 0)
        if any(one.at > other.at for one, other in pairwise(ordered)):
            raise RuntimeError(f"{function.__qualname__} recorded acts whose numbers are not in the order of time")

    run = _writer(function, in_order_of_time)
    run.is_batch = True  # type: ignore[attr-defined]
    return run


def keep_numbers(count: int) -> int:
    """Keep so many of the ledger's numbers free for a chronicle; the first of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence('ledger_entry', 'id')")
        [sequence] = cursor.fetchone()
        cursor.execute("SELECT nextval(%s)", [sequence])
        [first] = cursor.fetchone()
        cursor.execute("SELECT setval(%s, %s)", [sequence, first + count])
    return int(first)


def _writer(function: Callable[P, R], check: Callable[[list[Noted]], None]) -> Callable[P, R]:
    """`function` in a transaction of its own, in which it may record; `check` looks at what it recorded."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _recorded.get() is not None:
            raise RuntimeError(f"{function.__qualname__} was called inside another command; news goes by the ledger")
        try:
            return attempt(*args, **kwargs)
        except (IntegrityError, OperationalError, Refused, Invalid, WrongState) as error:
            # What stands against the act now may be what the same form did the first time, perhaps at this moment.
            once = getattr(kwargs.get("by"), "once", None)
            if once is not None and (first := queries.done_by(once)) is not None:
                raise Replayed(first) from None
            if not isinstance(error.__cause__, CAME_BETWEEN):
                raise
        # Somebody else's act came between this one's looking and its writing. Now it sees that, and can say what it is.
        return attempt(*args, **kwargs)

    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        entries: list[Noted] = []
        token = _recorded.set(entries)
        try:
            with kept_files.gone_if_it_fails(), transaction.atomic():
                result = function(*args, **kwargs)
                check(entries)
                # After commit, so that no other command waits for the queue's lock (docs/decisions/following.md).
                transaction.on_commit(queue.wake_followers)
                return result
        finally:
            _recorded.reset(token)
            queries.moment_is_over()

    run.is_command = True  # type: ignore[attr-defined]
    return run


def require(decision: Decision) -> None:
    """Go on if the policy allows it; otherwise the command ends here, with the policy's reason."""
    if isinstance(decision, Denied):
        raise Refused(decision.reason, overtaken=decision.overtaken, about=decision.about)


def refuse_replay(by: Actor) -> None:
    """End here if the form came before: for commands that do much, such as taking in files, before they record."""
    if by.once is not None and (first := queries.done_by(by.once)) is not None:
        raise Replayed(first)


def record(event: Event, *, by: Actor) -> Entry:
    """Write the act into the ledger, inside the command's transaction.

    Personal fields become salted commitments; their values and salts go to erasable rows beside the entry.
    """
    return _write([Act(event, by, clock.now())])[0]


@dataclass(frozen=True)
class Act:
    """One of many acts that are recorded together: what was done, by whom, and when."""

    event: Event
    by: Actor
    at: datetime
    number: int | None = None  # of those that were kept free; without one, the ledger gives the next


def numbered(acts: Iterable[Act], numbers: Iterable[int]) -> Iterator[Act]:
    """The acts, each with its number of those that were kept free."""
    return (Act(act.event, act.by, act.at, number) for act, number in zip(acts, numbers, strict=True))


def record_all(acts: Iterable[Act]) -> list[Entry]:
    """Write many acts into the ledger, inside a batch's transaction, in the order given; each is an entry as any other.

    An act's `at` is when it was done, which for a city's past lies before the moment of its writing. Of a chronicle's
    acts, whose numbers are known, nothing comes back.
    """
    return _write(list(acts))


def darken(person_key: str) -> int:
    """Destroy what opens this person's commitments, inside the command that erases them; return how many there were.

    The entries stay as they are and stay valid: what a commitment without its salt commits to, nobody can tell.
    """
    if _recorded.get() is None:
        raise RuntimeError("darkening outside a command")
    # Also where somebody else's act names them by their key.
    gone, _models = Opening.objects.filter(Q(person_key=person_key) | Q(value=person_key)).delete()
    return gone


def seal(subject: str, field: str, value: Any) -> list[dict[str, Any]]:
    """Take what opens this value out of the entries about a subject, inside the command that hides it.

    The entries stay valid, and nothing here tells any more what they commit to; `unseal` puts back what this returns.
    """
    if _recorded.get() is None:
        raise RuntimeError("sealing outside a command")
    found = Opening.objects.filter(entry__subjects__contains=[subject], field=field, value=value)
    taken = [
        {"entry_id": each.entry_id, "field": field, "salt": bytes(each.salt).hex(), "person_key": each.person_key}
        for each in found
    ]
    found.delete()
    return taken


def unseal(taken: Iterable[Mapping[str, Any]], value: Any) -> None:
    """Put back what `seal` took, as it was."""
    if _recorded.get() is None:
        raise RuntimeError("unsealing outside a command")
    Opening.objects.bulk_create(
        Opening(**{**each, "salt": bytes.fromhex(each["salt"]), "value": value}) for each in taken
    )


def hold_order() -> None:
    """Until this command's transaction ends, no other entry gets a position."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEQUENCER_LOCK])


def put_back(first: int, entries: list[Entry]) -> None:
    """Give the positions from `first` on to entries that the database has lost, inside a command that holds the order.

    What stands there was recorded since and never published; it moves up behind them, and the bookmarks with it.
    """
    if _recorded.get() is None:
        raise RuntimeError("putting back outside a command")
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ledger_position WHERE number >= %s)", [first])
        if cursor.fetchone() == (True,):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # with what is still to be checked, no trigger is let go
            cursor.execute("ALTER TABLE ledger_position DISABLE TRIGGER ledger_position_stands")
            # In two steps, because no number may be there twice, not even for a moment.
            cursor.execute("UPDATE ledger_position SET number = -1 - number WHERE number >= %s", [first])
            cursor.execute("UPDATE ledger_position SET number = %s - 1 - number WHERE number < 0", [len(entries)])
            cursor.execute("ALTER TABLE ledger_position ENABLE TRIGGER ledger_position_stands")
            cursor.execute(
                "UPDATE ledger_bookmark SET position = position + %s WHERE position >= %s", [len(entries), first]
            )
    now = clock.now()
    for entry in entries:
        entry.restored_at = now
    Entry.objects.bulk_create(entries)
    Position.objects.bulk_create(Position(number=number, entry=entry) for number, entry in enumerate(entries, first))


def _write(acts: list[Act]) -> list[Entry]:
    recorded = _recorded.get()
    if recorded is None:
        raise RuntimeError("recording outside a command")
    said = [_said(act.event, act.by, act.at.astimezone(UTC)) for act in acts]
    if acts and acts[0].number is not None:
        _copy([act.number for act in acts], said)
        recorded += [
            Noted(values["kind"], act.at, act.number) for act, (values, _opens) in zip(acts, said, strict=True)
        ]
        return []
    entries = _insert(said)
    recorded += [Noted(entry.kind, entry.at, entry.pk) for entry in entries]
    return entries


Values = dict[str, Any]  # column → value


def _insert(said: list[tuple[Values, list[Values]]]) -> list[Entry]:
    """Write entries, what opens them, and that they wait for a place in the order: all in one statement."""
    columns = [[values[name] for values, _opens in said] for name in ("kind", "at", "canonical", "once")]
    subjects = [Jsonb(values["subjects"]) for values, _opens in said]
    opened = [(place, each) for place, (_values, opens) in enumerate(said, 1) for each in opens]
    opens = [[each[name] for _place, each in opened] for name in ("field", "salt", "person_key")]
    values = [Jsonb(each["value"]) for _place, each in opened]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [*columns, subjects, [place for place, _each in opened], *opens, values])
        return [Entry(id=number, **values) for (number,), (values, _opens) in zip(cursor.fetchall(), said, strict=True)]


_INSERT = """
    WITH given AS MATERIALIZED (
        SELECT nextval(pg_get_serial_sequence('ledger_entry', 'id')) AS id, one.*
        FROM unnest(%s::text[], %s::timestamptz[], %s::bytea[], %s::uuid[], %s::jsonb[]) WITH ORDINALITY
            AS one (kind, at, canonical, once, subjects, place)
    ), entries AS (
        INSERT INTO ledger_entry (id, kind, at, subjects, canonical, once)
        SELECT id, kind, at, ARRAY(SELECT jsonb_array_elements_text(subjects)), canonical, once FROM given
    ), openings AS (
        INSERT INTO ledger_opening (entry_id, field, salt, person_key, value)
        SELECT given.id, one.field, one.salt, one.person_key, one.value
        FROM unnest(%s::bigint[], %s::text[], %s::bytea[], %s::text[], %s::jsonb[])
            AS one (place, field, salt, person_key, value)
        JOIN given USING (place)
    ), pending AS (
        INSERT INTO ledger_pending (entry_id, kind) SELECT id, kind FROM given
    )
    SELECT id FROM given ORDER BY place
"""


def _copy(numbers: list[int | None], said: list[tuple[Values, list[Values]]]) -> None:
    """Write entries whose numbers were kept free: by the million, so without an object for each.

    Nothing tells that they wait for a place in the order: all of them get it together (`jobs.order_all`).
    """
    columns = ("kind", "at", "subjects", "canonical", "once")
    told = ((number, *map(values.get, columns)) for number, (values, _opens) in zip(numbers, said, strict=True))
    copy("ledger_entry", ("id", *columns), told)
    openings = (
        (number, each["field"], each["salt"], Json(each["value"]), each["person_key"])
        for number, (_values, opens) in zip(numbers, said, strict=True)
        for each in opens
    )
    copy("ledger_opening", ("entry_id", "field", "salt", "value", "person_key"), openings)


def _said(event: Event, by: Actor, at: datetime) -> tuple[Values, list[Values]]:
    """What the entry says: that `by` did this at that moment; and what opens its commitments."""
    openings: list[Values] = []

    def committed(field: str, value: Any, person_key: str) -> dict[str, str] | None:
        if value is None:
            return None
        salt = secrets.token_bytes(SALT_BYTES)
        openings.append({"field": field, "salt": salt, "value": value, "person_key": person_key})
        return {"commitment": commitment.commit(field, value, salt)}

    actor = by.person_key or ""
    owner = actor if event.ABOUT is None else getattr(event, event.ABOUT)
    body = {
        "format": FORMAT,
        "kind": event.KIND,
        "at": at.isoformat(timespec="microseconds"),
        "by": {"person": committed("by.person", by.person_key, actor), "body": by.body, "role": by.role},
        "data": {
            name: committed(f"data.{name}", value, owner) if name in event.PERSONAL else value
            for name, value in event.fields().items()
        },
    }
    said = {
        "kind": event.KIND,
        "at": at,
        "subjects": list(event.subjects()),
        "canonical": canonical.encode(body),
        "once": by.once,
    }
    return said, openings
