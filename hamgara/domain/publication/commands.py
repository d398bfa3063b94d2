"""Whose signature counts, of witnesses and of the log itself; and putting back what was lost of the log."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.db.models import Q
from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.algorithms.tlog import Malformed, Wrong
from hamgara.algorithms.tlog.keys import COSIGNATURE, ED25519, ML_DSA_44, VerifierKey
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.ledger.commands import Invalid, command, hold_order, put_back, record, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.ledger.models import Entry
from hamgara.domain.publication import events, policies, queries
from hamgara.domain.publication.models import Head, LogKey, Witness
from hamgara.integrations.published_log import PublishedLog


@command
def register_witness(*, by: Actor, vkey: str, url: str = "", outside: bool = False) -> Witness:
    """Let this key count as a witness of the log, of the city or from outside; `url` is where it can be asked."""
    require(policies.may_register_witness(by))
    key = _sound(vkey)
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname or " " in url):
        raise Invalid({"url": _("This is not an address that begins with https:// or http://.")})
    witness = Witness.objects.create(
        vkey=str(key), name=key.name, url=url.rstrip("/"), outside=outside, registered_at=clock.now()
    )
    record(events.WitnessRegistered(witness=witness.name, vkey=witness.vkey, url=witness.url, outside=outside), by=by)
    return witness


@command
def withdraw_witness(*, by: Actor, witness: Witness, reason: str) -> Witness:
    """Let a key count no more."""
    witness = Witness.objects.select_for_update().get(pk=witness.pk)
    require(policies.may_withdraw_witness(by, witness))
    witness.withdrawn_at = clock.now()
    witness.save(update_fields=["withdrawn_at"])
    record(events.WitnessWithdrawn(witness=witness.name, vkey=witness.vkey, reason=reason), by=by)
    return witness


@command
def rotate_key(*, by: Actor, new: VerifierKey) -> LogKey:
    """Let a new key sign the log; the old one signs beside it until everybody has had time to learn of the new one."""
    require(policies.may_keep_the_log(by))
    now = clock.now()
    old = list(LogKey.objects.select_for_update().filter(Q(until=None) | Q(until__gt=now)))
    if not old:
        raise Invalid({"key": _("The log has no key yet; the publisher makes the first one when it starts.")})
    if len(old) > 1:
        raise Invalid({"key": _("The last rotation is not over yet: two keys sign the log until then.")})
    _require_new(new, old[0].key.name)
    LogKey.objects.filter(pk=old[0].pk).update(until=now + charter.period("publication.key_overlap"))
    old[0].refresh_from_db()
    made = LogKey.objects.create(vkey=str(new), since=now)
    ends = _iso(old[0].until)
    record(events.KeyRotated(log=new.name, old=old[0].vkey, new=made.vkey, until=ends), by=by)
    return made


@command
def distrust_key(*, by: Actor, vkey: str, since: datetime, reason: str, new: VerifierKey) -> LogKey:
    """Others had a key: it signs no more from this moment, and `new` does; what it signed `since` then counts nothing.

    `new` may be the one that a rotation has brought already.
    """
    require(policies.may_keep_the_log(by))
    now, head = clock.now(), queries.published()
    key = LogKey.objects.select_for_update().get(vkey=vkey)
    if key.distrusted_since is not None:
        raise Invalid({"key": _("This key is not believed any more already.")})
    if since > now:
        raise Invalid({"since": _("This lies ahead. Say since when others may have had the key.")})
    if new not in queries.signing_keys():
        _require_new(new, key.key.name)
        LogKey.objects.create(vkey=str(new), since=now)
    key.distrusted_since, key.until = since, now if key.until is None else min(now, key.until)
    key.save(update_fields=["distrusted_since", "until"])
    record(
        events.KeyCompromised(
            log=new.name,
            key=key.vkey,
            since=_iso(since),
            size=0 if head is None else head.size,
            root="" if head is None else bytes(head.root).hex(),
            new=str(new),
            reason=reason,
        ),
        by=by,
    )
    return key


def _require_new(key: VerifierKey, name: str) -> None:
    if key.name != name or key.kind != ED25519 or LogKey.objects.filter(vkey=str(key)).exists():
        raise Invalid({"new": _("This is not a new key of this log.")})


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")


# What these acts changed stands in them whole, so that it is put back with them.
WHOLE = (
    *(events.WitnessRegistered.KIND, events.WitnessWithdrawn.KIND),
    *(events.KeyRotated.KIND, events.KeyCompromised.KIND),
)


@command
def restore(*, by: Actor, log: PublishedLog) -> list[Entry]:
    """Put back the acts that are published and that this database has lost, under their numbers, to the byte.

    Raises Wrong where this is not its log. What they changed is to be done again by people, but for what is WHOLE.
    """
    require(policies.may_keep_the_log(by))
    hold_order()
    first, leaves = queries.lost(log)
    if not leaves:
        raise Invalid({"log": _("Nothing is missing: this database knows every act that is published there.")})
    now, entries = clock.now(), list[Entry]()
    last = ledger.position(first - 1)
    before = now if last is None else last.entry.at
    for number, leaf in enumerate(leaves, first):
        entries.append(queries.entry_of(leaf, number, before))
        before = entries[-1].at
    put_back(first, entries)
    if queries.leaves(first, log.head.size) != leaves:
        raise Wrong("what was put back is not what is published")
    Head.objects.create(
        size=log.head.size, root=log.head.root, fixed_at=now, note=str(log.note), published_at=now
    )  # from here the publisher goes on
    for entry in entries:
        if entry.kind in WHOLE:
            _put_back_effect(entry)
    record(
        events.Restored(log=log.head.origin, first=first, size=log.head.size, root=log.head.root.hex()),
        by=by,
    )
    return entries


def _put_back_effect(entry: Entry) -> None:
    data, at = entry.data, entry.at
    match entry.kind:
        case events.WitnessRegistered.KIND:
            told = {
                "name": data["witness"],
                "url": data["url"],
                "registered_at": at,
                "outside": data.get("outside", False),
            }
            Witness.objects.get_or_create(vkey=data["vkey"], defaults=told)
        case events.WitnessWithdrawn.KIND:
            Witness.objects.filter(vkey=data["vkey"]).update(withdrawn_at=at)
        case events.KeyRotated.KIND:
            LogKey.objects.get_or_create(vkey=data["new"], defaults={"since": at})
            LogKey.objects.filter(vkey=data["old"]).update(until=datetime.fromisoformat(data["until"]))
        case events.KeyCompromised.KIND:
            LogKey.objects.get_or_create(vkey=data["new"], defaults={"since": at})
            since = datetime.fromisoformat(data["since"])
            LogKey.objects.filter(vkey=data["key"]).update(until=at, distrusted_since=since)


def _sound(vkey: str) -> VerifierKey:
    """The key, if it is one under which a single owner can sign. Raises Invalid."""
    try:
        key = VerifierKey.parse(vkey.strip())
    except Malformed:
        raise Invalid(
            {"vkey": _("This is not the public key of a witness. Its program prints it: name+eight letters+key.")}
        ) from None
    if key.kind not in {COSIGNATURE, ML_DSA_44}:
        raise Invalid({"vkey": _("This is the key of a log and not of a witness.")})
    if key.name in queries.RESERVED:
        raise Invalid({"vkey": _("This name stands for something else in the policy. Choose your own address.")})
    # A cosignature does not name its owner, so that one key under two names would count twice.
    if any(each.name == key.name or each.key.public == key.public for each in queries.witnesses()):
        raise Invalid({"vkey": _("A witness with this name or this key is registered already.")})
    if Witness.objects.filter(vkey=str(key)).exists():
        raise Invalid({"vkey": _("This key was withdrawn before. A new one is needed.")})
    return key
