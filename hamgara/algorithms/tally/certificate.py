"""The certificate of a count: canonical JSON, a line for each stage, each line bound to the one before by its hash.

The first line says what was counted and by which rule, the last who is elected. Every `hash` is the SHA-256 of the line
without it; every `previous` is the hash of the line before. `verify` rechecks it without any of the code here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from hamgara.algorithms import canonical
from hamgara.algorithms.tally.ballots import RankedBallots
from hamgara.algorithms.tally.counting import Result, Stage
from hamgara.algorithms.tally.quotas import Quota
from hamgara.algorithms.tally.reading import decimal

FORMAT = "hamgara-count-certificate-v1"


def write(
    result: Result,
    ballots: RankedBallots,
    *,
    ballots_sha256: str,
    lots: Sequence[int] | None = None,
    quotas: Sequence[Quota] = (),
) -> str:
    """The certificate of `result`; `ballots_sha256` is that of the bytes of the ballot file, as sha256sum prints it."""
    places = result.rule.decimals
    head: dict[str, Any] = {
        "kind": "count",
        "format": FORMAT,
        "rule": result.rule.document(),
        "rule_sha256": result.rule.sha256(),
        "ballots_sha256": ballots_sha256,
        "candidates": list(ballots.candidates),
        "withdrawn": sorted(ballots.withdrawn),
        "seats": result.seats,
        "papers": result.papers,
        "valid": result.valid,
        "lots": None if lots is None else list(lots),
        "quotas": [quota.document() for quota in quotas],
    }
    stages = [_stage(number, stage, places) for number, stage in enumerate(result.stages, 1)]
    return chained([head, *stages, {"kind": "result", "elected": list(result.elected)}])


def chained(lines: Sequence[dict[str, Any]]) -> str:
    """The lines of a certificate, each bound to the one before."""
    written, previous = [], ""
    for line in lines:
        bound = {**line, "previous": previous}
        previous = hashlib.sha256(canonical.encode(bound)).hexdigest()
        written.append(canonical.encode({**bound, "hash": previous}).decode())
    return "\n".join(written) + "\n"


def _stage(number: int, stage: Stage, places: int | None) -> dict[str, Any]:
    def exact(value: Fraction) -> str:
        return str(value) if places is None else decimal(value, places)

    return {
        "kind": "stage",
        "number": number,
        "action": stage.action,
        "candidate": stage.candidate,
        "totals": {str(candidate): exact(total) for candidate, total in stage.totals.items()},
        "non_transferable": exact(stage.non_transferable),
        "rounding": exact(stage.rounding),
        "quota": exact(stage.quota),
        "elected": list(stage.elected),
        "doomed": list(stage.doomed),
        "guarded": list(stage.guarded),
        "witness": None if stage.witness is None else list(stage.witness),
        "ties": [
            {"level": list(tie.level), "taken": tie.taken, "settled_by": tie.stage or "lots"} for tie in stage.ties
        ],
    }
