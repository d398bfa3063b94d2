"""What stands now about demands: lists, one demand, routes, work to do, figures."""

from hamgara.domain.demands.queries.counting import Figures, Rate, figures
from hamgara.domain.demands.queries.finding import (
    PER_PAGE,
    SORTS,
    Near,
    Wanted,
    by_code,
    listed,
    listing,
    nearest,
    page,
    published,
)
from hamgara.domain.demands.queries.routing import field_line, field_tree, fields_within, routes, top_fields, unit_for
from hamgara.domain.demands.queries.showing import Detail, Moment, detail, timeline
from hamgara.domain.demands.queries.working import (
    commented_today,
    counts_by_state,
    followed_by,
    inbox,
    made_today,
    newly_overdue,
    of_author,
    to_do,
    whole_inbox,
)

__all__ = [
    "PER_PAGE",
    "SORTS",
    "Detail",
    "Figures",
    "Moment",
    "Near",
    "Rate",
    "Wanted",
    "by_code",
    "commented_today",
    "counts_by_state",
    "detail",
    "field_line",
    "field_tree",
    "fields_within",
    "figures",
    "followed_by",
    "inbox",
    "listed",
    "listing",
    "made_today",
    "nearest",
    "newly_overdue",
    "of_author",
    "page",
    "published",
    "routes",
    "timeline",
    "to_do",
    "top_fields",
    "unit_for",
    "whole_inbox",
]
