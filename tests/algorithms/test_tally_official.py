"""Counts of real wards, compared with what the returning officers declared, stage by stage to the last decimal."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from hamgara.algorithms.tally import gregory, reading
from hamgara.cli.count import rule_called

WARDS = Path(__file__).parent / "data" / "scotland-2017"


def letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


@pytest.mark.parametrize("ward", sorted(path.name[: -len(".ballots.csv")] for path in WARDS.glob("*.csv")))
def test_a_ward_is_counted_as_it_was_declared(ward: str) -> None:
    ballots = reading.read(f"{ward}.csv", (WARDS / f"{ward}.ballots.csv").read_bytes())
    sheet = json.loads((WARDS / f"{ward}.official.json").read_text(encoding="utf-8"))["Constituency"]
    number = {letters(name): place for place, name in enumerate(ballots.candidates, 1)}
    cells = [(number[letters(row["Firstname"] + row["Surname"])], row) for row in sheet["countGroup"]]

    result = gregory.count(ballots, rule_called("scottish"), int(sheet["countInfo"]["Number_Of_Seats"]))

    assert result.valid == int(sheet["countInfo"]["Valid_Poll"])
    assert result.quota == int(sheet["countInfo"]["Quota"])
    assert len(result.stages) == max(int(row["Count_Number"]) for _, row in cells)
    for candidate, row in cells:
        stage = result.stages[int(row["Count_Number"]) - 1]
        assert stage.totals[candidate] == Fraction(str(row["Total_Votes"])), row
    declared = {candidate: int(row["Occurred_On_Count"]) for candidate, row in cells if row["Status"] == "Elected"}
    found = {each: stage for stage, done in enumerate(result.stages, 1) for each in done.elected}
    assert found == declared
