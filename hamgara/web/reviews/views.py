"""Reading reviews, giving the words for a draw, and appealing against an outcome."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hamgara import charter
from hamgara.algorithms.persian.digits import to_ascii
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.moderation.models import Case
from hamgara.domain.oversight import commands, policies, queries
from hamgara.domain.oversight.models import Review, Verdict, VerdictFile
from hamgara.web import ability, evidence
from hamgara.web.commitments.forms import plain
from hamgara.web.doing import WRONG, do, given
from hamgara.web.officers import second_factor
from hamgara.web.reviews.forms import AppealForm, FilterForm, WordsForm
from hamgara.web.telling import told
from hamgara.web.views import reading, writing

State = Review.State
TABS: dict[str, tuple[str, ...]] = {
    "": (),
    "awaiting": (State.WAITING, State.OPENED),
    "examined": (State.DRAWN,),
    "settled": (State.SETTLED, State.APPEALED),
}
STEPS = ("paper", "on_site", "effect")
HISTORY = 100


def by_code(code: str) -> Review:
    """The review with this code, in any digits."""
    review = queries.by_code(to_ascii(code).upper())
    if review is None:
        raise Http404
    return review


@reading
def listing(request: HttpRequest) -> HttpResponse:
    """Reviews, searched and filtered."""
    form = FilterForm(request.GET)
    form.is_valid()
    tab = request.GET.get("tab", "")
    wanted = {
        "states": TABS.get(tab, ()),
        "outcome": form.cleaned_data.get("outcome", ""),
        "words": form.cleaned_data.get("q", ""),
    }
    page = queries.page(
        queries.listing(**wanted),
        request.GET.get("page", 1),
        count=queries.counted(**wanted),
        narrowed=bool(wanted["words"]),
    )
    here = {
        "form": form,
        "filtering": form.active(),
        "tab": tab,
        "page": page,
        "figures": queries.figures(),
        "seats": charter.number("oversight.panel_seats"),
    }
    return render(request, "reviews/list.html", here)


@reading
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One review: the draw step by step, the panel, and what it found."""
    return page_of(request, by_code(code))


def page_of(request: HttpRequest, review: Review, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of a review; a form that was wrong comes back in its place on it."""
    shown, commitment = queries.detail(review), review.commitment
    by_words = ability.able(request, policies.may_give_words, review) if review.state == State.OPENED else None
    by_appeal = ability.able(request, policies.may_appeal, review) if review.state == State.SETTLED else None
    if by_words and "words_form" not in forms:
        forms["words_form"] = _words_form(request, review)
    if by_appeal and "appeal_form" not in forms:
        forms["appeal_form"] = _appeal_form(request, review)
    here = {
        "review": review,
        "commitment": commitment,
        "shown": shown,
        "indicators": [
            {"text": each.text, "unit": each.unit, "target": plain(each.target), "claimed": plain(each.claimed)}
            for each in commitment.indicators.all()
        ],
        "verdicts": [_told(review, each) for each in shown.verdicts],
        "by_words": by_words,
        "by_appeal": by_appeal,
        "rules": {
            name: charter.number(f"oversight.{name}")
            for name in ("pool_at_least", "words_of_author_alone", "words_open_to_all", "verdict_within", "quorum")
        }
        | {"appeal_supporters": charter.number("oversight.appeal_supporters")},
        "history": told(ledger.about(review.subject)[:HISTORY]),
        **forms,
    }
    return render(request, "reviews/detail.html", here, status=status)


def _told(review: Review, verdict: Verdict) -> dict[str, Any]:
    """One reviewer's verdict, step by step."""
    titles = {
        "paper": _("On paper: is it decided, paid and documented?"),
        "on_site": _("On site: is it there?"),
        "effect": _("Effect: has anything changed for people?"),
    }
    return {
        "label": verdict.seat.label,
        "organisation": verdict.seat.organisation,
        "overall": verdict.overall,
        "at": verdict.at,
        "steps": [
            {
                "title": titles[step],
                "answer": getattr(verdict, f"get_{step}_display")(),
                "findings": getattr(verdict, f"{step}_findings"),
            }
            for step in STEPS
        ],
        "files": evidence.listed(
            verdict.files.all(), lambda number: reverse("reviews:file", args=[review.code, number]), Case.Kind.FINDING
        ),
    }


@reading
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """All that went into the draw and came out of it, for whoever rechecks it; there is none before the draw."""
    review = by_code(code)
    if review.certificate is None:
        raise Http404
    # Not Django's JsonResponse: the words stay readable as they were given.
    body = json.dumps(review.certificate, ensure_ascii=False, indent=2)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{review.code}.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@reading
def file(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """A photo or paper of a verdict: public with it, to nobody before but who gave it."""
    kept = VerdictFile.objects.filter(verdict__seat__review__code=code, pk=number).select_related(
        "verdict__seat__review", "verdict__seat__organisation", "verdict__seat__monitor", "hiding__unit"
    )
    found = kept.first()
    if found is None:
        raise Http404
    seat = found.verdict.seat
    if not queries.detail(seat.review).shows_verdicts and not ability.able(request, policies.sits_on, seat):
        raise Http404
    return evidence.served(request, found)


def _words_form(request: HttpRequest, review: Review, *, sent: bool = False) -> WordsForm:
    form = WordsForm(request.POST if sent else None)
    ability.ask(form, request, policies.may_give_words, review)
    return form


def _appeal_form(request: HttpRequest, review: Review, *, sent: bool = False) -> AppealForm:
    form = AppealForm(request.POST if sent else None)
    ability.ask(form, request, policies.may_appeal, review)
    return form


@writing
def give_words(request: HttpRequest, code: str) -> HttpResponse:
    """The people's half of the seed; the panel is drawn in the same moment."""
    review = by_code(code)
    if request.method != "POST":
        return redirect("reviews:detail", review.code)
    form = _words_form(request, review, sent=True)
    if form.is_valid():
        by = ability.actor(request, policies.may_give_words, review)
        if do(form, commands.give_words, by=by, review=review, **given(form)) is not None:
            messages.success(request, _("Thank you. The lot has been cast with your words: here is the panel."))
            return redirect(f"{reverse('reviews:detail', args=[review.code])}#panel")
    return page_of(request, review, status=WRONG, words_form=form)


@writing
@second_factor
def appeal(request: HttpRequest, code: str) -> HttpResponse:
    """Ask that another panel looks again."""
    review = by_code(code)
    if request.method != "POST":
        return redirect("reviews:detail", review.code)
    form = _appeal_form(request, review, sent=True)
    if form.is_valid():
        by = ability.actor(request, policies.may_appeal, review)
        done = do(form, commands.appeal, by=by, review=review, **given(form))
        if done is not None:
            messages.success(
                request,
                _("Your appeal stands: another panel will be drawn by lot.")
                if done.state == State.APPEALED
                else _("Your voice for an appeal is counted."),
            )
            return redirect("reviews:detail", review.code)
    return page_of(request, review, status=WRONG, appeal_form=form)
