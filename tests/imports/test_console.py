"""`hamgara import`: what it answers, what it leaves, and that it goes on where it ended."""

from __future__ import annotations

import argparse
import csv
import importlib
from pathlib import Path
from typing import Any

import pytest

from hamgara.domain.demands.models import Demand
from hamgara.domain.imports import commands
from hamgara.domain.imports.models import Import
from hamgara.domain.ledger.events import FOUNDERS
from tests.imports.files import TITLES, city, csv_file, demand_row, started

pytestmark = pytest.mark.django_db
console: Any = importlib.import_module("hamgara.cli.import")


@pytest.fixture(autouse=True)
def _city() -> None:
    city()


def told(path: Path, *more: str) -> int:
    parser = argparse.ArgumentParser()
    console.add_arguments(parser)
    return int(console.run(parser.parse_args(["demands", str(path), *more])))


def kept(tmp_path: Path, rows: list[list[str]]) -> Path:
    path = tmp_path / "past.csv"
    path.write_bytes(csv_file(rows).read())
    return path


def test_all_good_is_zero_and_again_it_is_zero_and_changes_nothing(tmp_path: Path) -> None:
    path = kept(tmp_path, [TITLES, demand_row(1), demand_row(2)])
    assert [told(path), told(path)] == [0, 0]
    assert Demand.objects.count() == 2
    assert [run.known for run in Import.objects.order_by("pk")] == [0, 2]


def test_rows_that_come_back_are_one_and_lie_beside_the_file(tmp_path: Path) -> None:
    assert told(kept(tmp_path, [TITLES, demand_row(1), demand_row(2, حوزه="ماهواره")])) == 1
    with (tmp_path / "past.returned.csv").open(encoding="utf-8-sig", newline="") as file:
        [titles, row] = csv.reader(file)
    assert (titles[0], row[3]) == ("دلیل بازگشت", demand_row(2)[2])
    assert "ماهواره" in row[0]


def test_what_cannot_be_done_is_two_with_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    assert told(empty) == 2
    assert told(tmp_path / "nowhere.csv") == 2
    assert told(kept(tmp_path, [["چیز"], ["الف"]])) == 2
    said = capsys.readouterr().err
    assert "خالی" in said
    assert "No such file" in said
    assert "title" in said
    assert not Demand.objects.exists()


def test_a_column_is_named_where_its_title_tells_nothing(tmp_path: Path) -> None:
    titles = [*TITLES[:2], "ستون سوم", *TITLES[3:]]
    assert told(kept(tmp_path, [titles, demand_row(1)]), "--column", "title=ستون سوم") == 0
    assert Demand.objects.get().title == demand_row(1)[2]


def test_a_file_that_was_stopped_goes_on(tmp_path: Path) -> None:
    rows = [TITLES, demand_row(1), demand_row(2)]
    commands.stop(by=FOUNDERS, run=started(csv_file(rows)))
    assert told(kept(tmp_path, rows)) == 0
    run = Import.objects.get()
    assert (run.state, run.landed) == ("done", 2)
