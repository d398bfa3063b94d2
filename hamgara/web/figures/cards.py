"""A scorecard as its readers see it: what became of what was asked, in words, and the way to the demands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hamgara.domain.demands.queries import Rate
from hamgara.domain.indicators.queries import Score, Spread
from hamgara.web.reading import number, percent


@dataclass(frozen=True)
class Part:
    """One part of what was asked: a demand stands in exactly one."""

    name: str  # a class of the stylesheet
    label: str | Promise
    columns: tuple[str, ...]
    filters: Mapping[str, str] | None  # of the list of demands; None where no list shows exactly these

    def of(self, score: Score) -> int:
        return sum(score[each] for each in self.columns)


# In the order in which they are drawn: what is verified first. Nothing that a promiser claims is among them.
PARTS = (
    Part("kept", gettext_lazy("done, reviewers found"), ("kept",), {"outcome": "kept"}),
    Part("partly", gettext_lazy("partly done, reviewers found"), ("partly",), {"outcome": "partly"}),
    Part("promised", gettext_lazy("promised, not verified yet"), ("answered",), {"tab": "promised"}),
    Part("waiting", gettext_lazy("waiting for an answer"), ("received", "admitted"), None),
    Part("broken", gettext_lazy("promise not kept, waiting again"), ("broken",), None),
    Part("refused", gettext_lazy("refused, with reasons"), ("refused",), {"tab": "refused"}),
    Part("not_doable", gettext_lazy("not doable, with reasons"), ("not_doable",), {"tab": "not_doable"}),
    Part("declined", gettext_lazy("not admitted, with reasons"), ("declined",), None),
)


@dataclass(frozen=True)
class Row:
    """A part with its number, for the legend under the bar."""

    part: Part
    count: int
    share: float | None
    href: str | None


def way(filters: Mapping[str, str] | None, more: Mapping[str, str] | None) -> str | None:
    """The list of exactly these demands, if there is one."""
    if filters is None or more is None:
        return None
    query = urlencode({**more, **filters})
    return reverse("demands:list") + (f"?{query}" if query else "")


def rows(score: Score, filters: Mapping[str, str] | None) -> list[Row]:
    """What became of what was asked; `filters` ask the list of demands for the same scope, if it can be asked so."""
    return [
        Row(part, part.of(score), Rate(part.of(score), score.own).share, way(part.filters, filters)) for part in PARTS
    ]


def of_whole(rate: Rate) -> str:
    """«۱۲ از ۴۰»: a part is never shown without its whole."""
    return _("%(part)s of %(whole)s") % {"part": number(rate.part), "whole": number(rate.whole)} if rate.whole else "–"


def too_few() -> str:
    """What stands where a rate or a time would say nothing; a number there would be read as one."""
    return _("too early to say")


def rate(given: Rate) -> str:
    """«۳۵٪»; below the charter's number no rate."""
    if not given.whole:
        return "–"
    return percent(given.share) if given.share is not None else too_few()


def days(spread: Spread) -> str:
    """How long half of them took at most: «۹ روز»; below the charter's number no time."""
    if not spread.cases:
        return "–"
    if (middle := spread.median) is None:
        return too_few()
    if middle == 0:
        return _("the same day")
    whole = int(middle) if middle == int(middle) else middle
    return ngettext("%(count)s day", "%(count)s days", int(-(-middle // 1))) % {"count": number(whole)}


def cases(spread: Spread) -> str:
    """On how many it rests."""
    return ngettext("of %(count)s case", "of %(count)s cases", spread.cases) % {"count": number(spread.cases)}


def headline(score: Score) -> str:
    """The one sentence that says how it stands."""
    if not score.own:
        return _("Nothing has been asked here yet.")
    values = {"kept": number(score["kept"]), "own": number(score.own)}
    return (
        ngettext(
            "Of %(own)s demand, independent reviewers found %(kept)s done.",
            "Of %(own)s demands, independent reviewers found %(kept)s done.",
            score.own,
        )
        % values
    )


def waits(score: Score) -> list[dict[str, Any]]:
    """How long people wait, and how much is late."""
    return [
        {
            "value": days(score.to_answer),
            "label": _("half got their first answer within"),
            "note": cases(score.to_answer),
            "symbol": "message-square-reply",
            "tone": "turquoise",
        },
        {
            "value": days(score.to_verified),
            "label": _("half of the verified ones took, from asking to the verified end"),
            "note": cases(score.to_verified),
            "symbol": "badge-check",
            "tone": "verified",
        },
        {
            "value": number(score.late),
            "label": _("late: past the deadline for an answer"),
            "note": _("of %(count)s that wait") % {"count": number(score.waiting)},
            "symbol": "alarm-clock-off",
            "tone": "clay" if score.late else "",
        },
    ]
