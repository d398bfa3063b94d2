"""The public figures of moderation are those of the ledger: here they are counted again from its entries alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from statistics import median
from typing import Any

import pytest
from django.utils import timezone

from hamgara import charter, clock
from hamgara.algorithms.persian import calendar
from hamgara.cli import seed
from hamgara.cli.seed import minding
from hamgara.cli.seed.world import Size
from hamgara.domain.demands import commands as demands
from hamgara.domain.ledger.models import Entry
from hamgara.domain.moderation import commands, queries
from hamgara.domain.moderation.models import Case
from tests import factories as make
from tests.moderation import reporting
from tests.web.readers import reader, said
from tests.web.sending import few_queries

pytestmark = pytest.mark.django_db

BY_KIND = {
    "moderation.reported": "reports",
    "moderation.hidden": "hidden",
    "moderation.left": "left",
    "moderation.restored": "restored",
    "moderation.appeal_granted": "granted",
    "moderation.appeal_dismissed": "dismissed",
}


def a_year_of_moderating() -> None:
    """Reports, decisions and appeals over some months: in time and late, asked for and not, on comments and names."""
    demand = make.demand(unit=make.unit())
    first, second = make.office_officer(), make.office_officer()
    reasons = list(charter.choices("moderation.reasons"))
    for n in range(9):
        with make.standing(2026, 2 + n, 10):
            author = make.acting()
            comment = demands.comment(by=author, demand=demand, text=f"سخن {n}", show_name=True)
            code = f"{'comment-name' if n % 3 == 2 else 'comment'}.{comment.key}"
            reason = reasons[n % len(reasons)]
            for _m in range(n % 4):
                by = make.acting()
                commands.report(by=by, case=reporting.found(code), reason=reason, words="دلیل")
            with make.days_later((n * n + 1) / 10):
                if n % 4 and n % 2:
                    commands.leave(by=first, case=reporting.found(code), words="بماند")
                else:
                    commands.hide(by=first, case=reporting.found(code), reason=reason, words="دلیل")
                    with make.days_later(n):
                        if n == 0:
                            commands.restore(by=first, case=reporting.found(code), words="اشتباه بود")
                        else:
                            commands.appeal(by=author, case=reporting.found(code), words="نه")
                            with make.days_later(0.5):
                                decide = commands.grant_appeal if n == 4 else commands.dismiss_appeal
                                decide(by=second, case=reporting.found(code), words="دیدم")


def counted_again(chosen: str = "") -> tuple[dict[Any, Counter[str]], dict[Any, list[float]]]:
    """(month, thing, reason or all) → counts and hours, from nothing but the public bytes of the ledger."""
    counts: dict[Any, Counter[str]] = {}
    waits: dict[Any, list[float]] = {}
    for entry in Entry.objects.filter(kind__in=BY_KIND):
        body = entry.body
        data, thing = body["data"], body["data"]["thing"]
        local = timezone.localdate(datetime.fromisoformat(body["at"]))
        keys: list[Any] = [("kind", thing), "whole"]
        if not chosen or chosen == thing:
            keys.append(("month", *calendar.parts(local)[:2]))
            keys += [("reason", data["reason"])] if "reason" in data else []
        for key in keys:
            counter = counts.setdefault(key, Counter())
            counter[BY_KIND[body["kind"]]] += 1
            if body["kind"] == "moderation.hidden" and data["waited"] is None:
                counter["unasked"] += 1
            if data.get("waited") is not None:
                waits.setdefault(key, []).append(data["waited"] / 3600)
    return counts, waits


def as_the_ledger_has_it(found: queries.Figures, chosen: str = "") -> None:
    """Every figure is the one that is counted again from the ledger's bytes."""
    counts, waits = counted_again(chosen)
    tallies: dict[Any, Any] = {"whole": found.whole}
    tallies |= {("month", *month): tally for month, tally in found.months.items()}
    tallies |= {("kind", each): tally for each, tally in found.kinds.items()}
    tallies |= {("reason", each): tally for each, tally in found.reasons.items()}
    assert set(counts) <= set(tallies)
    for key, tally in tallies.items():
        for name in (*BY_KIND.values(), "unasked"):
            assert getattr(tally, name) == counts.get(key, Counter())[name], (key, name)
        if key in waits:
            assert tally.median_hours == pytest.approx(median(waits[key]), abs=0.01), key
        else:
            assert tally.median_hours is None


@pytest.mark.parametrize("chosen", ["", "comment", "comment-name"])
def test_every_figure_is_that_of_the_ledger(chosen: str) -> None:
    a_year_of_moderating()
    with make.standing(2026, 11, 23):
        found = queries.figures(chosen)
    assert found.whole.reports + found.whole.hidden > 12
    as_the_ledger_has_it(found, chosen)


def test_the_figures_of_a_made_up_city_are_those_of_its_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, share in {"HARMFUL": 0.6, "DISLIKED": 0.5, "NAMES_REPORTED": 0.5, "APPEALED": 0.5}.items():
        monkeypatch.setattr(minding, name, share)
    now = datetime(2026, 6, 1, 8, 20, tzinfo=UTC)
    seed.fill(Size(demands=25, people=30, organisations=6, accredited=6, years=0.9), 3, now, say=lambda line: None)
    with clock.standing_at(now):
        found = queries.figures()
        assert found.whole.reports > 10
        assert found.whole.hidden > 3
        as_the_ledger_has_it(found)
        waiting = Case.objects.filter(state__in=Case.TO_DECIDE)
        assert found.awaiting == waiting.count()
        assert {case.reports for case in waiting if case.state == Case.State.WAITING} <= set(range(1, 6))
        for case in Case.objects.all():
            assert (case.hiding is not None) == case.is_hidden, case.code


def test_what_came_late_is_not_in_time() -> None:
    demand, officer = make.demand(unit=make.unit()), make.office_officer()
    within = charter.number("moderation.decide_within")
    with make.standing(2026, 11, 21):  # a Saturday: all the days that follow are worked on
        for late in (0, within, within + 1):
            case = reporting.reported(demands.comment(by=make.acting(), demand=demand, text="سخن"))
            with make.days_later(late):
                commands.leave(by=officer, case=case, words="بماند")
        with make.days_later(7):
            rate = queries.figures().whole.of_waits
    assert (rate.part, rate.whole) == (2, 3)


def test_only_the_last_twelve_months_are_counted() -> None:
    demand = make.demand(unit=make.unit())
    with make.standing(2025, 11, 1):
        reporting.reported(demands.comment(by=make.acting(), demand=demand, text="سخن"))
    with make.standing(2026, 11, 23):
        found = queries.figures()
    assert len(found.months) == queries.MONTHS
    assert (found.whole.reports, found.awaiting) == (0, 1)


def test_everybody_reads_the_figures_at_a_small_price() -> None:
    a_year_of_moderating()
    for language in ("fa", "en"):
        browser = reader(language=language)
        for address in ("/moderation/", "/moderation/?kind=comment", "/moderation/?kind=bribe%00"):
            browser.get(address)
            with few_queries(6):
                page = browser.get(address)
            assert page.status_code == 200
            assert charter.choices("moderation.reasons")["spam"][language] in said(page)


def test_before_anything_was_reported_no_empty_table_is_shown() -> None:
    page = reader().get("/moderation/")
    assert page.status_code == 200
    assert "<table" not in page.content.decode()
    assert "Nothing was reported or hidden" in said(page)
