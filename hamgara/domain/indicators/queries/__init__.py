"""Scorecards: what each act counts for, in whose card it stands, and reading the sums."""

from hamgara.domain.indicators.queries.scores import (
    CITY,
    Above,
    Month,
    Score,
    Spread,
    counted,
    months,
    scores,
    scores_of_bodies,
    years,
)
from hamgara.domain.indicators.queries.trees import below, bodies, fields, places

__all__ = [
    "CITY",
    "Above",
    "Month",
    "Score",
    "Spread",
    "below",
    "bodies",
    "counted",
    "fields",
    "months",
    "places",
    "scores",
    "scores_of_bodies",
    "years",
]
