"""Scorecards: what each act counts for, in whose card it stands, and reading the sums."""

from hamgara.domain.indicators.queries.scores import CITY, Month, Score, Spread, months, scores, years
from hamgara.domain.indicators.queries.trees import below, bodies, fields, places

__all__ = ["CITY", "Month", "Score", "Spread", "below", "bodies", "fields", "months", "places", "scores", "years"]
