"""Reading commitments: the list with its figures, one commitment, and the files that support what is said."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from hamgara.domain.commitments import queries
from hamgara.domain.commitments.models import Commitment, EvidenceFile, Progress
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.moderation.models import Case
from hamgara.domain.oversight import queries as oversight
from hamgara.web import evidence
from hamgara.web.commitments.forms import FilterForm, plain
from hamgara.web.commitments.offering import offers
from hamgara.web.telling import told
from hamgara.web.views import reading

State = Commitment.State
TABS: dict[str, tuple[str, ...]] = {
    "": (),
    "owed": (State.PROMISED, State.UNDER_WAY),
    "claimed": (State.REPORTED_DONE,),
    "verified": Commitment.VERIFIED,
    "proposed": (State.PROPOSED,),
    "ended": (State.WITHDRAWN, State.DROPPED),
}
HISTORY = 100


def by_code(code: str) -> Commitment:
    """The commitment with this code, in any digits."""
    written = queries.code_in(code)
    commitment = queries.by_code(written) if written else None
    if commitment is None:
        raise Http404
    return commitment


@reading
def listing(request: HttpRequest) -> HttpResponse:
    """Commitments, searched and filtered; what is claimed and what is verified are counted apart."""
    form = FilterForm(request.GET)
    tab = request.GET.get("tab", "")
    wanted = form.wanted(TABS.get(tab, ()))
    page = queries.page(
        queries.listing(wanted),
        request.GET.get("page", 1),
        count=queries.counted(wanted),
        narrowed=bool(wanted.words),
    )
    here = {
        "form": form,
        "filtering": form.active(),
        "page": page,
        "tab": tab,
        "figures": queries.figures(place=wanted.place, field=wanted.field, organisation=wanted.organisation),
    }
    return render(request, "commitments/list.html", here)


@reading
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One commitment, with what the reader may do about it."""
    commitment = by_code(code)
    return page_of(request, commitment, offered=offers(request, commitment))


def page_of(
    request: HttpRequest, commitment: Commitment, *, offered: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The page of a commitment, with the forms that are offered on it."""
    reports = [_report(commitment, each) for each in commitment.progress.all()]
    reviews = list(oversight.of_commitment(commitment))
    settled = next((each for each in reversed(reviews) if each.outcome), None)
    here = {
        "commitment": commitment,
        "indicators": [
            {"text": each.text, "unit": each.unit, "target": plain(each.target), "claimed": plain(each.claimed)}
            for each in commitment.indicators.all()
        ],
        "former_dues": [each.old for each in commitment.dates_before],
        "reports": reports,
        "claim": next((each for each in reversed(reports) if each["claims_done"]), None),
        "reviews": reviews,
        "settled": settled,
        "history": told(ledger.about(commitment.subject)[:HISTORY]),
        **offered,
    }
    return render(request, "commitments/detail.html", here, status=status)


def _report(commitment: Commitment, progress: Progress) -> dict[str, Any]:
    files = evidence.listed(
        progress.files.all(),
        lambda number: reverse("commitments:file", args=[commitment.code, number]),
        Case.Kind.EVIDENCE,
    )
    return {
        "key": progress.pk,
        "text": progress.text,
        "hiding": progress.hiding if progress.hiding_id else None,
        "percent": progress.percent,
        "at": progress.at,
        "by": progress.organisation,
        "claims_done": progress.claims_done,
        "files": files,
    }


@reading
def file(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """A photo or paper that supports a report; it is as public as the report."""
    kept = (
        EvidenceFile.objects.select_related("hiding__unit").filter(progress__commitment__code=code, pk=number).first()
    )
    if kept is None:
        raise Http404
    return evidence.served(request, kept)
