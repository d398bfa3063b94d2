"""`hamgara opinion`: reads what conversations publish, writes the same, refuses in the reader's language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hamgara import cli

SEATTLE = Path(__file__).parent.parent / "algorithms" / "data" / "opinion" / "15-per-hour-seattle"


def test_what_is_exported_gives_the_same_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["opinion", str(SEATTLE / "votes.csv"), "--json", "--export", str(tmp_path / "out")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["participants"], sum(map(len, found["groups"]))) == (339, 138)
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == [
        "comments.csv",
        "map.svg",
        "participants-votes.csv",
        "votes.csv",
    ]
    for name in ("votes.csv", "participants-votes.csv"):
        assert cli.main(["opinion", str(tmp_path / "out" / name), "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == found


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert cli.main(["opinion", str(SEATTLE / "votes.csv"), "--export", str(tmp_path)]) == 2
    assert "not an empty folder" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_a_wrong_vote_is_told_in_the_readers_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "votes.csv"
    table.write_text("comment-id,voter-id,vote\n1,1,7\n", encoding="utf-8")
    for language, words in (("en_GB.UTF-8", "line 2"), ("fa_IR.UTF-8", "سطر 2")):
        monkeypatch.setenv("LC_ALL", language)
        assert cli.main(["opinion", str(table)]) == 2
        told = capsys.readouterr()
        assert words in told.err
        assert told.out == ""


def test_a_statement_that_no_table_knows_is_told_and_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "votes.csv").write_text("comment-id,voter-id,vote\n1,1,1\n9,1,0\n", encoding="utf-8")
    (tmp_path / "comments.csv").write_text("comment-id,moderated,comment-body\n1,1,a\n", encoding="utf-8")
    assert cli.main(["opinion", str(tmp_path / "votes.csv"), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["votes"] == 2
    assert "9" in told.err
