"""What a stranger does with the log: verify it, mirror it, prove an act, check a receipt without us."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from hamgara.channels import words
from hamgara.cli import doctor, main
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.jobs import sequence
from hamgara.domain.publication import jobs
from hamgara.integrations.log_folder import LogFolder
from tests.ledger.acts import hear

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "hamgara" / "web" / "static" / "check-receipt.sh"
pytestmark = pytest.mark.django_db


def publish(*things: str) -> None:
    for thing in things:
        hear(by=RULES, thing=thing)
    sequence()
    jobs.publisher().step()


def ledger(*words: object) -> int:
    return main(["ledger", *map(str, words)])


@pytest.mark.parametrize("path", ["tile/entries/000.p/3", "tile/0/000.p/3", "checkpoint"])
def test_one_wrong_byte_is_found_and_named(log_root: Path, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    publish("bread", "salt", "rice")
    assert ledger("verify", log_root) == 0
    content = bytearray((log_root / path).read_bytes())
    content[40] ^= 1
    (log_root / path).write_bytes(content)
    assert ledger("verify", log_root) == 1
    assert capsys.readouterr().err.startswith("✗ ")


def test_a_mirror_goes_on_where_it_was_cut_off_and_keeps_evidence_of_a_fork(
    log_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    publish("bread", "salt")
    assert ledger("mirror", log_root, copy) == 0
    publish("rice")
    LogFolder(copy).write({"tile/0/000.p/3": (log_root / "tile/0/000.p/3").read_bytes()})  # as far as it got
    assert ledger("mirror", log_root, copy) == 0
    assert (copy / "checkpoint").read_bytes() == (log_root / "checkpoint").read_bytes()
    assert ledger("verify", copy) == 0

    older = tmp_path / "older"  # a log that takes back what it showed
    assert ledger("mirror", log_root, older) == 0
    publish("oil")
    assert ledger("mirror", log_root, copy) == 0
    assert ledger("mirror", older, copy) == 1
    assert "do not continue" in capsys.readouterr().err
    [evidence] = (copy / "evidence").iterdir()
    assert evidence.read_text().count("city.example/log/1\n") == 2
    assert ledger("verify", copy) == 0, "the mirror stays as it was"


def test_a_receipt_is_checked_with_a_shell_alone(client: Client, log_root: Path, tmp_path: Path) -> None:
    publish("bread", "salt", "rice", "oil", "tea")
    for number in (0, 3, 4):
        (tmp_path / "entry").write_bytes(client.get(f"/ledger/{number}/entry").content)
        (tmp_path / "receipt").write_bytes(client.get(f"/ledger/{number}/receipt").content)
        told = ["bash", SCRIPT, tmp_path / "entry", tmp_path / "receipt", log_root / "policy.txt"]
        seen = subprocess.run(told, capture_output=True, text=True)
        assert (seen.returncode, seen.stderr) == (0, "")
        assert f"the entry is number {number} of the 5 in city.example/log/1" in seen.stdout
        assert "signed by the log city.example/log/1" in seen.stdout
    (tmp_path / "entry").write_bytes((tmp_path / "entry").read_bytes().replace(b"tea", b"tee"))
    seen = subprocess.run(told, capture_output=True, text=True)
    assert (seen.returncode, seen.stdout) == (1, "✗ the entry is not in the log that was signed\n")


def test_an_act_shows_its_proof_and_one_that_is_not_published_yet_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(words.SAYINGS, "tests.heard", words.Saying("Somebody heard of it", "ear"))
    publish("bread", "salt", "rice")
    page = client.get("/ledger/1/").content.decode()
    assert page.count('<rect class="other"') == 2, "two steps lead up from one of three"
    assert "/ledger/1/receipt" in page
    hear(by=RULES, thing="oil")
    sequence()
    waiting = client.get("/ledger/3/")
    assert "/ledger/3/receipt" not in waiting.content.decode()
    assert waiting["Cache-Control"] == "no-cache"
    assert client.get("/ledger/3/receipt").status_code == 404
    assert "city.example/log/1" in client.get("/ledger/check/").content.decode()


def test_prove_prints_what_the_page_gives(client: Client, log_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish("bread", "salt")
    assert ledger("prove", 1, "--log", log_root) == 0
    assert capsys.readouterr().out.encode() == client.get("/ledger/1/receipt").content
    assert ledger("prove", 2, "--log", log_root) == 1


def test_the_guides_have_the_script_as_it_is() -> None:
    for guide in ("verify.md", "verify.fa.md"):
        [code] = re.findall(r"```bash\n(#!.*?)```", (ROOT / "docs" / guide).read_text(encoding="utf-8"), re.DOTALL)
        assert code == SCRIPT.read_text(encoding="utf-8")


def test_doctor_tells_of_a_log_that_is_whole_and_of_one_that_is_not(log_root: Path) -> None:
    def found() -> doctor.Finding:
        return next(each for each in doctor.examine() if each.what == "public log")

    publish("bread", "salt")
    assert found().state == "ok"
    (log_root / "tile/0/000.p/2").write_bytes(b"x" * 64)
    assert found().state == "wrong"
    (log_root / "checkpoint").unlink()
    assert "nothing is published" in found().text
