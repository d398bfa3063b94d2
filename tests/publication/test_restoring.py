"""A database that was put back from an older backup: nothing is signed; what was published comes back to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from hamgara.algorithms.tlog.cosignatures import sign
from hamgara.algorithms.tlog.keys import ED25519, SignerKey
from hamgara.algorithms.tlog.notes import Note
from hamgara.channels import words
from hamgara.cli import main
from hamgara.domain.ledger import events as ledger_events
from hamgara.domain.ledger import jobs as ledger
from hamgara.domain.ledger import queries
from hamgara.domain.ledger.commands import Invalid
from hamgara.domain.ledger.events import FOUNDERS, RULES
from hamgara.domain.ledger.models import Bookmark, Entry, Opening, Position
from hamgara.domain.publication import commands, jobs
from hamgara.domain.publication.models import Witness
from hamgara.integrations.log_folder import LogFolder
from hamgara.integrations.published_log import PublishedLog
from tests import factories as make
from tests.algorithms.tlog_twins import WITNESSES
from tests.ledger.acts import Heard, Said, Somebody, hear, say, tell
from tests.tables import lets

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def followed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a follower of the tests' own acts was given, by the thing."""
    seen: list[str] = []
    for event in (Said, Heard):
        monkeypatch.setitem(ledger_events.KINDS, event.KIND, event)
        monkeypatch.setitem(words.SAYINGS, event.KIND, words.Saying("Somebody heard of it", "ear"))
    only = ledger.Follower("tests.f", (Said.KIND, Heard.KIND), lambda new: seen.extend(e.data["thing"] for e in new), 1)
    monkeypatch.setattr(ledger, "FOLLOWERS", {"tests.f": only})
    return seen


def publish(*things: str) -> None:
    for thing in things:
        say(by=Somebody(), thing=thing)
    ledger.catch_up()
    jobs.publisher().step()


def lose(*things: str) -> None:
    """These acts are published, and then yesterday's backup is put back."""
    with transaction.atomic():
        publish(*things)
        transaction.set_rollback(True)


def shown(root: Path) -> PublishedLog:
    return PublishedLog.read(LogFolder(root).fetch)


def restore() -> int:
    return main(["ledger", "restore"])


def test_what_was_lost_comes_back_to_the_byte_and_publishing_goes_on(
    log_root: Path, followed: list[str], capsys: pytest.CaptureFixture[str], client: Client
) -> None:
    publish("bread", "salt")
    with transaction.atomic():
        publish("rice")
        tell(by=Somebody(), person="key-of-ali", words="come")  # sealed
        commands.register_witness(by=FOUNDERS, vkey=str(WITNESSES[0].verifier))
        publish("oil")
        transaction.set_rollback(True)
    before = shown(log_root)
    assert before.head.size == 6
    for thing in ("tea", "milk"):  # and the city even went on, and its followers with it
        hear(by=RULES, thing=thing)
    ledger.catch_up()
    assert followed == ["bread", "salt", "rice", "oil", "tea", "milk"]
    with pytest.raises(jobs.Behind, match="hamgara ledger restore"):
        jobs.publisher().step()

    assert restore() == 0
    told = capsys.readouterr().out
    assert "4 acts are put back, up to number 5" in told
    assert "What these 3 acts changed" in told, "the witness counts again by itself"
    assert "thing:rice" in told
    assert "sealed" in told
    assert Witness.objects.get().name == WITNESSES[0].name
    ledger.catch_up()
    jobs.publisher().step()
    after = shown(log_root)
    assert after.head.size == 9, "two that moved up, and the restoring itself"
    assert after.reader.root_at(6) == before.head.root
    assert list(after.reader.entries(0, 6)) == list(before.reader.entries())
    assert [entry.kind for entry in Entry.objects.order_by("position__number")][6:] == [
        *["tests.heard"] * 2,
        "publication.restored",
    ]
    assert followed[6:] == [], "nobody reads again what was read, nor anything of what was put back"
    assert Bookmark.objects.get().position >= 7
    assert "put back as it stands" in reader(client).get("/ledger/2/").content.decode()
    assert client.get("/ledger/3/").status_code == 404, "what is sealed stays so"
    assert main(["ledger", "verify", str(log_root)]) == 0

    assert restore() == 0, "again, to see the list again"
    assert "Nothing is missing" in capsys.readouterr().out


def reader(client: Client) -> Client:
    client.cookies["language"] = "en"
    return client


def test_what_is_not_in_the_log_does_not_come_back(log_root: Path) -> None:
    lose("bread")
    commands.restore(by=FOUNDERS, log=shown(log_root))
    [entry] = queries.restored()
    assert entry.entry.subjects == ["thing:bread"]
    assert entry.entry.data["words"].keys() == {"commitment"}
    assert not Opening.objects.exists()
    assert not list(queries.about("thing:bread")), "a thing's page tells only what the thing went through"
    with pytest.raises(Invalid):
        commands.restore(by=FOUNDERS, log=shown(log_root))


def test_nothing_but_the_own_log_is_put_back(log_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish("bread", "salt")
    lose("rice")
    good = (log_root / "tile/entries/000.p/3").read_bytes()
    (log_root / "tile/entries/000.p/3").write_bytes(good.replace(b"rice", b"mice"))
    assert restore() == 1, "the root does not vouch for it"
    (log_root / "tile/entries/000.p/3").write_bytes(good)

    text = shown(log_root).note.text
    forged = Note(text, (sign(text, SignerKey("city.example/log/1", ED25519, bytes(32))),))
    good = (log_root / "checkpoint").read_bytes()
    (log_root / "checkpoint").write_text(str(forged))
    assert restore() == 1, "nobody who counts here signed it"
    assert capsys.readouterr().err.count("✗") == 2
    assert Position.objects.count() == 2
    (log_root / "checkpoint").write_bytes(good)
    assert restore() == 0
    assert Position.objects.count() == 3


def test_the_files_themselves_come_from_a_mirror(log_root: Path, tmp_path: Path) -> None:
    publish("bread")
    lose("salt", "rice")
    assert main(["ledger", "mirror", str(log_root), str(tmp_path / "copy")]) == 0
    for each in sorted(log_root.rglob("*"), reverse=True):
        each.rmdir() if each.is_dir() else each.unlink()
    assert main(["ledger", "restore", "--from", str(tmp_path / "copy")]) == 0
    ledger.catch_up()
    jobs.publisher().step()
    assert shown(log_root).head.size == 4


def test_only_whoever_runs_the_server_restores(log_root: Path) -> None:
    citizen, officer = make.acting(), make.office_officer()
    lose("bread")
    log = shown(log_root)
    for by in (citizen, officer):
        assert not lets(lambda by=by: commands.restore(by=by, log=log))
    assert lets(lambda: commands.restore(by=FOUNDERS, log=log))
