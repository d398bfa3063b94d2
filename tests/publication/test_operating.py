"""Every command of docs/operate.md, in its order, on a city that loses things."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from hamgara.channels import words
from hamgara.cli import main
from hamgara.domain.ledger.events import KINDS, RULES
from hamgara.domain.ledger.jobs import sequence
from hamgara.domain.ledger.models import Entry
from hamgara.domain.publication import jobs
from hamgara.domain.publication.models import LogKey
from hamgara.integrations.log_folder import LogFolder
from hamgara.integrations.published_log import PublishedLog
from tests.ledger.acts import ROOT, Heard, address, hear

pytestmark = pytest.mark.django_db(transaction=True)


def blocks(language: str = "") -> list[list[str]]:
    """What stands between «```sh» and «```», a list of lines each."""
    text = (ROOT / "docs" / f"operate{language}.md").read_text(encoding="utf-8")
    return [
        [line.strip() for line in block.strip().splitlines()] for block in re.findall(r"```sh\n(.*?)```", text, re.S)
    ]


def test_both_languages_have_the_same_commands() -> None:
    assert blocks() == blocks(".fa")


def publish(*things: str) -> None:
    for thing in things:
        hear(by=RULES, thing=thing)
    sequence()
    jobs.publisher().step()


class City:
    """The folders that the document speaks of, and a shell that runs its lines."""

    def __init__(self, home: Path) -> None:
        self.var, self.backup = home / "var", home / "backup"
        self.log = self.var / "ledger-log"
        self.names = {"HAMGARA_VAR": str(self.var), "BACKUP": str(self.backup), "LOG": str(self.log)}
        for each in (self.backup / "keys", self.var / "media"):
            each.mkdir(parents=True)
        (self.var / "media" / "photo").write_text("a lantern")
        (self.var / "secret-key").write_text("x")

    def run(self, block: list[str]) -> None:
        for line in block:
            if line.startswith("hamgara migrate"):
                call_command("migrate", verbosity=0)
            elif line.startswith("hamgara "):
                for name, value in self.names.items():
                    line = line.replace(f"${name}", value)
                status = main(shlex.split(line)[1:])
                assert status == 0 or "doctor" in line, line  # of other parts, which do not run here
            else:
                subprocess.run(["bash", "-ec", line], env=os.environ | self.names, check=True)
            if "--put-back" in line:
                connection.close()  # what it knows of tables is of those that were

    def head(self) -> PublishedLog:
        return PublishedLog.read(LogFolder(self.log).fetch)


def test_every_command_of_the_guide_does_what_it_says(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(KINDS, Heard.KIND, Heard)
    monkeypatch.setitem(words.SAYINGS, Heard.KIND, words.Saying("Somebody heard of it", "ear"))
    monkeypatch.setenv("DATABASE_URL", address())
    city = City(tmp_path)
    settings.LOG_ROOT, settings.LOG_KEY = city.log, city.var / "log-key"
    back_up, put_back, from_mirror, rotate, compromised, leave, arrive, look = blocks()

    publish("bread", "salt")
    city.run(back_up)
    assert {each.name for each in city.backup.iterdir()} == {"city.dump", "files.tar", "keys", "log"}
    assert {each.name for each in (city.backup / "keys").iterdir()} == {"log-key", "secret-key"}
    assert (city.backup / "city.dump").stat().st_mode & 0o777 == 0o600
    publish("rice", "oil")
    (city.var / "media" / "photo").unlink()
    city.run(put_back)
    assert "✓ ok     public log" in capsys.readouterr().out
    assert [each.subjects for each in Entry.objects.order_by("position__number")][2:4] == [
        ["thing:rice"],
        ["thing:oil"],
    ]
    assert (city.var / "media" / "photo").exists()
    publish()
    assert city.head().head.size == 5
    assert main(["ledger", "mirror", str(city.log), str(city.backup / "log")]) == 0

    shutil.rmtree(city.log)
    main(["backup", "--put-back", str(city.backup / "city.dump")])
    connection.close()
    city.run(from_mirror)
    publish()
    assert city.head().head.size == 6
    assert main(["ledger", "verify", str(city.log)]) == 0

    city.run(rotate)
    publish()
    assert len(city.head().policy.logs) == 2
    first, second = LogKey.objects.order_by("since")
    LogKey.objects.filter(vkey=first.vkey).update(until=second.since)  # the month is over
    city.run(compromised)
    publish()
    assert second.key not in [each.key for each in city.head().policy.logs]

    city.run(leave)
    shutil.rmtree(city.var)
    city.var.mkdir()
    city.run(arrive)
    publish("tea")
    assert city.head().head.size == 9
    city.run(look)
    assert "✗" not in capsys.readouterr().err
