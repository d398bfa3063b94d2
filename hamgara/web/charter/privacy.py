"""What is kept about people: the same file that erasing and the file of one's own data obey."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from hamgara import retention
from hamgara.web.reading import in_language
from hamgara.web.views import reading

# The chapters of the page on personal data, and of which apps they tell.
PARTS = {
    "people": (_("You and how you sign in"), ("people", "account", "mfa")),
    "demands": (_("Demands, and what is said about them"), ("demands", "search")),
    "organisations": (_("Organisations and those who act for them"), ("organisations",)),
    "commitments": (_("Promises"), ("commitments",)),
    "oversight": (_("Reviews and reviewers"), ("oversight",)),
    "moderation": (_("Reports on what is not in order"), ("moderation",)),
    "messages": (_("Messages"), ("channels",)),
    "record": (_("The record, and files that were taken over"), ("ledger", "imports")),
}
# What erasing somebody does to each, by the charter's word for it.
ERASED = {
    "emptied": _("it is emptied"),
    "row_goes": _("it goes with you"),
    "link_cut": _("what was done stays, without a trace of you"),
    "nameless": _("what was done stays, without your name"),
    "by_itself": _("it goes by itself when its time is over"),
    "stays": _("it stays as part of the public record, without your name"),
}


@reading
def privacy(request: HttpRequest) -> HttpResponse:
    """Everything personal that is kept: what, why, for how long, for whose eyes, and what erasing does to it."""
    apps: dict[str, list[dict[str, Any]]] = {}
    for each in retention.holdings():
        told = {name: in_language(getattr(each, name)) for name in ("what", "why", "kept", "seen_by")}
        apps.setdefault(each.app, []).append({**told, "erased": str(ERASED[each.erased])})
    chapters = [
        {"anchor": name, "title": str(title), "holdings": [each for app in of for each in apps.pop(app, [])]}
        for name, (title, of) in PARTS.items()
    ]
    assert not apps, f"in no chapter: {sorted(apps)}"
    return render(request, "charter/privacy.html", {"chapters": chapters})
