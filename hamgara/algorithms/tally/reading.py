"""Which reader reads a ballot file, and how a count is written for other programs."""

from __future__ import annotations

from fractions import Fraction

from hamgara.algorithms.tally import blt, preflib, scottish_csv
from hamgara.algorithms.tally.ballots import BallotError, RankedBallots
from hamgara.algorithms.tally.counting import Result

READERS = {
    "blt": blt.read,
    "csv": scottish_csv.read,
    "soc": preflib.read,
    "soi": preflib.read,
    "toc": preflib.read,
    "toi": preflib.read,
}
SHOWN_DECIMALS = 9  # of numbers that have no end


def read(name: str, data: bytes) -> RankedBallots:
    """The ballots of the file of this name. Raises BallotError."""
    ending = name.rpartition(".")[2].lower()
    if ending not in READERS:
        raise BallotError(f"a ballot file is named .{', .'.join(READERS)}; this is {name!r}")
    if not data.strip():
        raise BallotError("the file is empty")
    return READERS[ending](data)


def as_json(result: Result) -> dict[str, object]:
    """A count as plain values: totals as decimal strings, candidates by their number in the file."""
    places = SHOWN_DECIMALS if result.rule.decimals is None else result.rule.decimals
    return {
        "quota": int(result.quota) if result.quota.denominator == 1 else decimal(result.quota, places),
        "elected": list(result.elected),
        "stages": [
            {
                "totals": {str(candidate): decimal(total, places) for candidate, total in stage.totals.items()},
                "action": stage.action,
                "candidate": stage.candidate,
                "non_transferable": decimal(stage.non_transferable, places),
            }
            for stage in result.stages
        ],
    }


def decimal(number: Fraction, places: int) -> str:
    """A number to so many decimals; what is beyond them is cut off."""
    whole = number.numerator * 10**places // number.denominator
    sign, digits = "-" * (whole < 0), str(abs(whole)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
