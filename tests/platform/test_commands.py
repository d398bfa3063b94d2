"""The `hamgara` command: each subcommand says what it is for, and Django's own are behind them."""

from __future__ import annotations

import importlib
import os
import re

import pytest

from hamgara import cli
from hamgara.integrations import database


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_each_subcommand_says_what_it_is_for(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = importlib.import_module(f"hamgara.cli.{name}")
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    assert ended.value.code == 0
    assert module.__doc__.splitlines()[0].split()[0] in capsys.readouterr().out


def test_help_lists_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0
    printed = capsys.readouterr().out
    assert all(f"  {name} " in printed for name in cli.COMMANDS)


def test_a_wrong_option_is_refused_with_the_status_for_that(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["doctor", "--nonsense"])
    assert ended.value.code == 2
    assert "--nonsense" in capsys.readouterr().err


def test_any_other_command_is_one_of_djangos(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check"]) == 0
    with pytest.raises(SystemExit):
        cli.main(["nonsense"])
    assert "nonsense" in capsys.readouterr().err


def test_without_an_address_it_means_the_embedded_server_of_this_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike[str]
) -> None:
    monkeypatch.setenv("HAMGARA_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")  # so that it is put back afterwards
    monkeypatch.delenv("DATABASE_URL")
    assert cli.main(["--help"]) == 0
    assert os.environ["DATABASE_URL"] == database.address(database.socket_folder(cli.var() / "pg"), database.NAME)


def test_each_command_line_of_the_readme_works_as_it_stands() -> None:
    text = (cli.ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"[`\s]((?:[^\s`]*/)?hamgara) ([a-z]+)", text)
    assert named
    assert {path for path, _name in named} == {".venv/bin/hamgara"}, "it is not on the PATH"
    assert {name for _path, name in named} <= set(cli.COMMANDS)
