"""Lists of scorecards as files: every number, each rate as its two numbers, each time with the cases behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from hamgara.domain.indicators import queries
from hamgara.web import exports
from hamgara.web.figures.cards import PARTS
from hamgara.web.figures.kinds import Listed
from hamgara.web.figures.listing import kind_called, listed


class Rows(Sequence[Any]):
    """Rows that are at hand, for what otherwise asks the database for them."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def count(self, value: Any = None) -> int:
        return len(self.rows)

    def iterator(self, chunk_size: int = 0) -> Iterator[Any]:
        return iter(self.rows)


def _sum(*columns: str) -> Any:
    return lambda row: sum(row.score[each] for each in columns)


def _waits(name: str) -> tuple[Any, Any]:
    return (
        lambda row: getattr(row.score, name).median,
        lambda row: getattr(row.score, name).cases,
    )


def sheet(name: str, title: exports.Text) -> exports.Sheet:
    """What everybody may take away of scorecards. Claims and findings are never one column."""
    (answer, answers), (verified, verifieds), (keeping, keepings) = map(_waits, ("to_answer", "to_verified", "to_keep"))
    return exports.Sheet(
        name,
        title,
        (
            exports.Column("code", _("code")),
            exports.Column("name", _("name"), "label"),
            exports.Number("asked", _("asked"), "score.own"),
            exports.Number("admitted", _("admitted"), "score.admitted"),
            *(exports.Number(part.name, part.label, _sum(*part.columns)) for part in PARTS),
            exports.Number("merged", _("merged into another"), _sum("merged")),
            exports.Number(
                "filed",
                _("ended before this system, by the municipality's own word"),
                _sum("filed_done", "filed_other"),
            ),
            exports.Number("late", _("late now"), "score.late"),
            exports.Number("median_days_to_answer", _("days in which half got their first answer"), answer),
            exports.Number("answers", _("cases of this"), answers),
            exports.Number("median_days_to_verified", _("days in which half were verified as done"), verified),
            exports.Number("verified", _("cases of this"), verifieds),
            exports.Number("promises", _("promises"), "score.promises"),
            exports.Number(
                "promises_claimed", _("promises reported done, by the promiser's word"), _sum("promises_claimed")
            ),
            exports.Number("promises_kept", _("promises kept, reviewers found"), _sum("promises_kept")),
            exports.Number("promises_partly", _("promises partly kept, reviewers found"), _sum("promises_partly")),
            exports.Number("promises_broken", _("promises not kept, reviewers found"), _sum("promises_broken")),
            exports.Number("promises_late", _("promises past their date"), "score.promises_late"),
            exports.Number("median_days_to_keep", _("days in which half of the promises were kept"), keeping),
            exports.Number("keepings", _("cases of this"), keepings),
        ),
    )


@exports.exporting
def export(request: HttpRequest, name: str, written: str) -> HttpResponse:
    """The scorecards of a kind as a file, of all years or of the one that the address names."""
    kind = kind_called(name)
    typed = request.GET.get("year", "")
    known = {str(year): year for year in queries.years()}
    year = known[exports.one_of(known, typed, __("Year"))] if typed else None
    rows: list[Listed] = listed(kind, year)
    return exports.answer(request, sheet(f"scorecards-{name}", kind.title), written, Rows(rows))  # type: ignore[arg-type]
