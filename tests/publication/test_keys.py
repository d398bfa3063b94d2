"""The keys that sign the log: a new one follows, one that others had is given up; and what strangers make of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hamgara import clock
from hamgara.algorithms.tlog.cosignatures import sign, verified
from hamgara.algorithms.tlog.keys import ED25519, SignerKey
from hamgara.algorithms.tlog.notes import Note
from hamgara.algorithms.tlog.policies import Policy
from hamgara.cli import main
from hamgara.domain.ledger.commands import Invalid
from hamgara.domain.ledger.events import FOUNDERS, RULES
from hamgara.domain.ledger.jobs import sequence
from hamgara.domain.publication import commands, jobs
from hamgara.domain.publication.models import LogKey
from tests import factories as make
from tests.ledger.acts import hear
from tests.tables import lets

pytestmark = pytest.mark.django_db
OTHER = SignerKey("city.example/log/1", ED25519, bytes(31) + b"o")


def publish(*things: str) -> None:
    for thing in things:
        hear(by=RULES, thing=thing)
    sequence()
    jobs.publisher().step()


def signed_by(root: Path) -> list[str]:
    """Whose signatures hold under the head that is out, of all keys that ever signed."""
    note = Note.parse((root / "checkpoint").read_bytes())
    return [str(each.key) for each in verified(note, [each.key for each in LogKey.objects.all()])]


def ledger(*words: object) -> int:
    return main(["ledger", *map(str, words)])


def vkeys() -> list[str]:
    return list(LogKey.objects.order_by("since").values_list("vkey", flat=True))


def test_a_new_key_signs_beside_the_old_one_for_a_while_and_whoever_watches_follows(
    log_root: Path, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], client: Client
) -> None:
    watched, copy = ["--state", tmp_path / "watched"], tmp_path / "copy"
    publish("bread")
    first_policy = tmp_path / "policy"
    first_policy.write_bytes((log_root / "policy.txt").read_bytes())
    assert ledger("monitor", log_root, *watched) == 0
    assert ledger("mirror", log_root, copy) == 0
    assert ledger("key", "rotate") == 0
    old, new = vkeys()
    assert [each.stat().st_mode & 0o777 for each in sorted(tmp_path.glob("log-key*"))] == [0o600, 0o600]
    assert ledger("key", "rotate") == 1, "not before the last one is over"
    jobs.publisher().step()
    assert signed_by(log_root) == [old, new], "the head that is out is signed anew at once"
    publish("salt")
    assert signed_by(log_root) == [old, new]
    assert [str(each.key) for each in Policy.parse((log_root / "policy.txt").read_bytes()).logs] == [old, new]
    assert ledger("verify", log_root, "--policy", first_policy) == 0
    assert "the policy does not name it" in capsys.readouterr().out
    assert ledger("monitor", log_root, *watched) == 0
    assert f"new key, as the old one says: {new}" in capsys.readouterr().out

    with clock.standing_at(clock.now() + timedelta(days=31)):
        publish("rice")
        assert signed_by(log_root) == [new]
        assert [str(each.key) for each in Policy.parse((log_root / "policy.txt").read_bytes()).logs] == [new]
        assert f"for receipts of its time: log {old}" in (log_root / "policy.txt").read_text()
        assert ledger("monitor", log_root, *watched) == 0, "the old key had told it of the new one"
        assert ledger("mirror", log_root, copy) == 0, "its own copy it checked before"
        assert ledger("verify", log_root, "--policy", first_policy) == 1, "whoever did not listen asks by another way"
        settings.LOG_KEY.unlink()
        publish("oil")
        assert ledger("key", "show") == 0
        told = capsys.readouterr().out
        assert told.index(old) < told.index(new)
        page = client.get("/ledger/check/").content.decode()
        assert old in page
        assert new in page


def test_a_key_that_others_had_signs_no_more_and_is_believed_by_nobody_who_heard(
    log_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watched = ["--state", tmp_path / "watched"]
    publish("bread", "salt")
    [thief] = jobs.signers()
    old_policy = tmp_path / "policy"
    old_policy.write_bytes((log_root / "policy.txt").read_bytes())
    assert ledger("monitor", log_root, *watched) == 0
    assert ledger("key", "compromised", "--since", "2020-01-01T08:00", "--reason", "its disk was stolen") == 0
    assert (tmp_path / f"log-key.{thief.verifier.key_id.hex()}.compromised").exists()
    new = vkeys()[1]
    jobs.publisher().step()
    assert signed_by(log_root)[-1] == new, "what is out is vouched for by the new key before anything else comes"
    publish("rice")
    assert signed_by(log_root) == [new]
    text = (log_root / "policy.txt").read_text()
    assert [str(each.key) for each in Policy.parse(text).logs] == [new]
    assert "NOT TO BE BELIEVED since 2020-01-01T08:00:00Z" in text
    assert ledger("verify", log_root) == 0
    assert ledger("monitor", log_root, *watched) == 1, "it knows the old key alone, and waits to be told by people"
    assert ledger("monitor", log_root, *watched, "--policy", log_root / "policy.txt") == 0
    assert "not to be believed since 2020-01-01T08:00:00+00:00, when the log had 2 acts" in capsys.readouterr().out

    note = Note.parse((log_root / "checkpoint").read_bytes())
    (log_root / "checkpoint").write_text(str(Note(note.text, (sign(note.text, thief),))))
    assert ledger("verify", log_root) == 1, "the policy names it no more"
    assert ledger("verify", log_root, "--policy", old_policy) == 1, "and the log itself says why"
    assert "only a key that others had" in capsys.readouterr().err


def test_only_whoever_runs_the_server_changes_keys(log_root: Path) -> None:
    publish("bread")
    [old] = jobs.signers()
    for by, may in ((make.acting(), False), (make.office_officer(), False), (FOUNDERS, True)):
        assert lets(lambda by=by: commands.rotate_key(by=by, new=OTHER.verifier)) is may
        lost = {"vkey": str(old.verifier), "since": clock.now(), "reason": "stolen", "new": OTHER.verifier}
        assert lets(lambda by=by, lost=lost: commands.distrust_key(by=by, **lost)) is may
    for wrong in (old.verifier, SignerKey("other.example", ED25519, bytes(32)).verifier):
        with pytest.raises(Invalid):
            commands.rotate_key(by=FOUNDERS, new=wrong)
