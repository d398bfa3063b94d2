"""Whose cosignature counts: taking in the key of a witness, and ending that."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from hamgara import clock
from hamgara.algorithms.tlog import Malformed
from hamgara.algorithms.tlog.keys import COSIGNATURE, ML_DSA_44, VerifierKey
from hamgara.domain.ledger.commands import Invalid, command, record, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.publication import events, policies, queries
from hamgara.domain.publication.models import Witness


@command
def register_witness(*, by: Actor, vkey: str, url: str = "") -> Witness:
    """Let this key count as a witness of the log; `url` is where it is asked, if it can be asked."""
    require(policies.may_register_witness(by))
    key = _sound(vkey)
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname or " " in url):
        raise Invalid({"url": _("This is not an address that begins with https:// or http://.")})
    witness = Witness.objects.create(vkey=str(key), name=key.name, url=url.rstrip("/"), registered_at=clock.now())
    record(events.WitnessRegistered(witness=witness.name, vkey=witness.vkey, url=witness.url), by=by)
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
    # A cosignature does not name its owner, so that one key under two names would count twice.
    if any(each.name == key.name or each.key.public == key.public for each in queries.witnesses()):
        raise Invalid({"vkey": _("A witness with this name or this key is registered already.")})
    if Witness.objects.filter(vkey=str(key)).exists():
        raise Invalid({"vkey": _("This key was withdrawn before. A new one is needed.")})
    return key
