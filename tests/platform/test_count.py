"""`hamgara count` as a person types it: what it prints, and how it answers what cannot be counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hamgara import cli

BALLOTS = '3 2\n5 1 2 0\n2 2 0\n3 3 0\n0\n"مریم"\n"رضا"\n"سارا"\n"شورا"\n'


@pytest.fixture
def ballots(tmp_path: Path) -> Path:
    path = tmp_path / "council.blt"
    path.write_text(BALLOTS, encoding="utf-8")
    return path


def test_json_is_one_object_with_quota_winners_and_stages(ballots: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["count", str(ballots), "--rule", "scottish", "--seats", "2", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert list(shown) == ["quota", "elected", "stages"]
    assert (shown["quota"], shown["elected"]) == (4, [1, 3])
    assert [(stage["action"], stage["candidate"]) for stage in shown["stages"]] == [
        ("first_preferences", None),
        ("surplus", 1),
        ("exclusion", 2),
    ]
    assert shown["stages"][1]["totals"] == {"1": "4.00000", "2": "3.00000", "3": "3.00000"}
    assert shown["stages"][2]["non_transferable"] == "3.00000"


def test_for_people_it_prints_a_table_with_the_names(ballots: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["count", str(ballots)]) == 0  # the seats are those of the file
    printed = capsys.readouterr().out
    assert "Stage 2: surplus of مریم" in printed
    assert printed.rstrip().endswith("Elected: 1 مریم, 3 سارا")


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (["--seats", "3"], "nothing to count"),
        (["--seats", "0"], "one seat or more"),
        (["--rule", "nonsense"], "there is no rule"),
        (["--rule", "../nowhere/rule.json"], "there is no rule"),
        (["--rule", __file__], "cannot be read"),
        (["--lots", "1,2"], "every candidate once"),
        (["--lots", "one"], "--lots"),
    ],
)
def test_a_wish_that_cannot_be_met_is_answered_with_the_reason(
    ballots: Path, wish: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["count", str(ballots), *wish]) == 2
    shown = capsys.readouterr()
    assert says in shown.err
    assert shown.out == ""


def test_a_tie_for_lots_says_how_to_give_them(ballots: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ballots.write_text(BALLOTS.replace("5 1 2 0", "2 1 2 0").replace("3 3 0", "2 3 0"), encoding="utf-8")
    assert cli.main(["count", str(ballots)]) == 2
    assert "--lots 3,1,2" in capsys.readouterr().err
    assert cli.main(["count", str(ballots), "--lots", "3,1,2"]) == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        (BALLOTS[:20], "cut off"),
        (BALLOTS.replace("2 2 0", "2 2 2 0"), "line 3: candidate 2 is named twice"),
        (BALLOTS.replace("5 1 2 0\n2 2 0\n3 3 0\n", ""), "nothing to count"),
        (BALLOTS.replace("5 1 2 0\n2 2 0\n3 3 0\n", "5 0\n"), "nothing to count"),
    ],
)
def test_a_file_that_cannot_be_counted_is_answered_with_the_reason(
    ballots: Path, text: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ballots.write_text(text, encoding="utf-8")
    assert cli.main(["count", str(ballots), "--json"]) == 2
    assert says in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["count", str(tmp_path / "none.blt")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_certificate_is_written_and_verified(
    ballots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = tmp_path / "count.jsonl"
    assert cli.main(["count", str(ballots), "--certificate", str(paper), "--json"]) == 0
    assert cli.main(["count", "verify", str(paper), str(ballots)]) == 0
    said = paper.read_text(encoding="utf-8")
    stage = next(line for line in said.splitlines() if '"number":3' in line)
    paper.write_text(said.replace(stage, stage.replace('"1":"4"', '"1":"5"')), encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["count", "verify", str(paper), str(ballots)]) == 1
    assert "stage 3: the total of candidate 1 should be 4, not 5" in capsys.readouterr().out


def test_reserved_seats_and_leavers_are_taken_into_account(ballots: Path, tmp_path: Path) -> None:
    quotas, paper = tmp_path / "quotas.json", tmp_path / "count.jsonl"
    quotas.write_text('[{"name": "charities", "min": 1, "max": 2, "candidates": [2]}]', encoding="utf-8")
    assert cli.main(["count", str(ballots), "--quotas", str(quotas), "--certificate", str(paper)]) == 0
    assert '"elected":[1,2]' in paper.read_text(encoding="utf-8")
    assert cli.main(["count", "verify", str(paper), str(ballots)]) == 0
    assert cli.main(["count", str(ballots), "--seats", "1", "--withdrawn", "1", "--certificate", str(paper)]) == 0
    assert '"elected":[2],"hash"' in paper.read_text(encoding="utf-8").splitlines()[-1]
    assert cli.main(["count", "verify", str(paper), str(ballots)]) == 0


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '[{"name": "x"}]', '[{"name":"x","min":2,"max":2,"candidates":[1]}]']
)
def test_quotas_that_cannot_be_kept_or_read_are_refused(
    ballots: Path, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    quotas = tmp_path / "quotas.json"
    quotas.write_text(text, encoding="utf-8")
    assert cli.main(["count", str(ballots), "--quotas", str(quotas)]) == 2
    assert "quota" in capsys.readouterr().err
