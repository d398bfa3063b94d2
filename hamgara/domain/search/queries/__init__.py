"""What can be found, and finding it."""

from hamgara.domain.search.queries.finding import LOOKED_AT, Asked, Found, TooSlow, find
from hamgara.domain.search.queries.hinting import Hint, hints
from hamgara.domain.search.queries.shadows import lacking

__all__ = ["LOOKED_AT", "Asked", "Found", "Hint", "TooSlow", "find", "hints", "lacking"]
