"""What can be found, and finding it."""

from hamgara.domain.search.queries.finding import LOOKED_AT, Asked, Found, TooSlow, find
from hamgara.domain.search.queries.shadows import missing

__all__ = ["LOOKED_AT", "Asked", "Found", "TooSlow", "find", "missing"]
