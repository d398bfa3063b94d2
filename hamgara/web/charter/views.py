"""The rules of the game: the same file that the code obeys, in the reader's language."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hamgara import charter as rules
from hamgara import clock
from hamgara.algorithms.persian import calendar, workdays
from hamgara.web.reading import in_language, language, number, to_reader
from hamgara.web.views import reading


def shown(rule: rules.Rule) -> str:
    """A rule's value with its unit; nothing for a list of choices, which is shown as a list."""
    value = rule.value
    if rule.unit == "choices":
        return ""
    if rule.unit == "yes-no":
        return _("yes") if value else _("no")
    if rule.unit == "share":
        part, _stroke, whole = str(value).partition("/")
        return (
            _("%(part)s of %(whole)s") % {"part": to_reader(part), "whole": to_reader(whole)}
            if whole
            else to_reader(value)
        )
    if not isinstance(value, int):
        return to_reader(value)
    texts = {
        "days": ngettext("%(count)s day", "%(count)s days", value),
        "working_days": ngettext("%(count)s working day", "%(count)s working days", value),
        "hours": ngettext("%(count)s hour", "%(count)s hours", value),
        "seconds": ngettext("%(count)s second", "%(count)s seconds", value),
        "persons": ngettext("%(count)s person", "%(count)s persons", value),
        "organisations": ngettext("%(count)s organisation", "%(count)s organisations", value),
        "megabytes": ngettext("%(count)s megabyte", "%(count)s megabytes", value),
        "characters": ngettext("%(count)s character", "%(count)s characters", value),
    }
    return texts.get(rule.unit, "%(count)s") % {"count": number(value)}


def _rule(rule: rules.Rule) -> dict[str, Any]:
    return {
        "anchor": rule.name,
        "title": in_language(rule.title),
        "value": shown(rule),
        "choices": [in_language(choice) for choice in rule.value.values()] if rule.unit == "choices" else [],
        "reason": in_language(rule.reason),
    }


def _holidays(year: int) -> dict[str, Any]:
    """The weekend and every holiday of a Jalali year in its order; a computed one is marked as an estimate."""
    found = rules.holidays()
    published = found.calendar.published.get(year)
    days = [
        {"day": calendar.from_parts(year, *each), "title": in_language(title), "estimated": False}
        for each, title in found.fixed.items()
    ]
    if published is not None:
        days += [{"day": day, "title": "", "estimated": False} for day in published]
    else:
        days += [
            {"day": day, "title": in_language(found.lunar[each]), "estimated": True}
            for each, on in workdays.estimated(year, frozenset(found.lunar)).items()
            for day in on
        ]
    return {
        "year": to_reader(str(year)),
        "weekend": [
            calendar.weekday_name(date(2024, 1, 1) + timedelta(days=each), language())
            for each in sorted(found.calendar.weekend)
        ],
        "weekend_reason": in_language(found.weekend_reason),
        "source": in_language(found.sources[year]) if published is not None else "",
        "days": sorted(days, key=lambda each: each["day"]),
    }


@reading
def charter(request: HttpRequest) -> HttpResponse:
    """Every chapter and rule, with its reason and an address of its own."""
    chapters = [
        {"anchor": each.name, "title": in_language(each.title), "rules": [_rule(rule) for rule in each.rules]}
        for each in rules.chapters()
    ]
    return render(
        request,
        "charter/charter.html",
        {"chapters": chapters, "holidays": _holidays(calendar.parts(clock.today()).year)},
    )
