"""The monitor tells every new act once, what is overdue once, and a log that takes something back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hamgara.algorithms.tlog import Wrong
from hamgara.algorithms.tlog.policies import Log, Policy
from hamgara.cli import main
from hamgara.cli.ledger.monitoring import OVERDUE, Deadlines, watch
from hamgara.integrations.log_folder import LogFolder
from tests.algorithms.tlog_twins import LOG, files, signed

DAY = date(2026, 11, 20)
POLICY = Policy(logs=(Log(LOG.verifier),))


def act(kind: str, **data: Any) -> bytes:
    return json.dumps({"kind": kind, "at": "2026-11-01T05:02:14+00:00", "data": data}).encode()


def publish(folder: Path, *acts: bytes) -> LogFolder:
    edge, made = files(acts)
    made["checkpoint"] = str(signed(len(acts), edge.root)).encode()
    made["policy.txt"] = str(POLICY).encode()
    LogFolder(folder).write(made)
    return LogFolder(folder)


SUBMITTED = act("demands.submitted", demand="12", deadline="2026-11-10")
PROMISED = act("commitments.promised", commitment="12-1", demand="12", due="2026-11-19")
ANSWERED = act("demands.answered", demand="12", commitment="12-1")
SEALED = b'{"sealed":"00"}'


def test_new_acts_and_passed_deadlines_are_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = LogFolder(tmp_path / "kept")
    log = publish(tmp_path / "log", SUBMITTED)
    assert watch(log.fetch, kept, None, DAY) == OVERDUE
    assert "OVERDUE  demand 12: 2026-11-10" in capsys.readouterr().out
    assert watch(log.fetch, kept, None, DAY) == 0
    assert "1 acts, 0 of them new" in capsys.readouterr().out
    publish(tmp_path / "log", SUBMITTED, PROMISED, ANSWERED, SEALED, b"no json")
    assert watch(log.fetch, kept, None, DAY) == OVERDUE
    told = capsys.readouterr().out
    assert "1  2026-11-01T05:02:14  commitments.promised  commitment 12-1" in told
    assert "sealed" in told
    assert "OVERDUE  commitment 12-1: 2026-11-19" in told
    assert "OVERDUE  demand" not in told
    assert watch(log.fetch, kept, None, DAY) == 0


@pytest.mark.parametrize(
    ("acts", "awaited"),
    [
        ([SUBMITTED], {"demand 12": "2026-11-10"}),
        ([SUBMITTED, act("demands.deadline_passed", demand="12", deadline="2026-11-10")], {"demand 12": "2026-11-10"}),
        ([SUBMITTED, act("demands.asked_back", demand="12", deadline=None)], {}),
        ([SUBMITTED, act("demands.refused", demand="12")], {}),
        ([SUBMITTED, ANSWERED, act("demands.reopened", demand="12", deadline="2026-12-01")],
         {"demand 12": "2026-12-01"}),
        ([PROMISED, act("commitments.due_changed", commitment="12-1", old="2026-11-19", new="2027-01-01")],
         {"commitment 12-1": "2027-01-01"}),
        ([PROMISED, act("commitments.reported_done", commitment="12-1")], {}),
        ([act("oversight.drawn", review="R1", due="2026-11-06")], {"review R1": "2026-11-06"}),
        ([act("oversight.drawn", review="R1", due="2026-11-06"), act("oversight.settled", review="R1")], {}),
        ([act("people.registered", person="x"), SEALED], {}),
    ],
)  # fmt: skip
def test_what_somebody_waits_for(acts: list[bytes], awaited: dict[str, str]) -> None:
    deadlines = Deadlines()
    for each in acts:
        deadlines.hear(json.loads(each))
    assert deadlines.open == awaited


def test_a_log_that_takes_something_back_is_told_and_nothing_is_forgotten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, where = tmp_path / "kept", ["--state", str(tmp_path / "kept")]
    publish(tmp_path / "log", ANSWERED, SEALED)
    assert main(["ledger", "monitor", str(tmp_path / "log"), *where]) == 0
    before = (kept / "checkpoint").read_bytes()
    for acts in ((ANSWERED,), (SEALED, SEALED), (SEALED, SEALED, ANSWERED)):
        publish(tmp_path / "log", *acts)
        assert main(["ledger", "monitor", str(tmp_path / "log"), *where]) == 1
        assert (kept / "checkpoint").read_bytes() == before
    assert len(list((kept / "evidence").iterdir())) == 3
    assert "✗" in capsys.readouterr().err
    publish(tmp_path / "log", ANSWERED, SEALED, SEALED)
    (kept / "deadlines.json").write_text("[")
    with pytest.raises(Wrong, match="begin anew"):
        watch(LogFolder(tmp_path / "log").fetch, LogFolder(kept), None, DAY)
