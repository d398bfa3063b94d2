"""The public ledger: every official act in its order, and what one of them says to the letter."""

from __future__ import annotations

import hashlib
import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from hamgara.domain.ledger import queries
from hamgara.domain.publication.queries import leaf_of
from hamgara.web import addresses
from hamgara.web.record import published
from hamgara.web.telling import told
from hamgara.web.views import reading

A_PAGE = 50


@reading
def ledger(request: HttpRequest) -> HttpResponse:
    """The newest acts first; `before` pages on, so that a page keeps its content as the ledger grows."""
    try:
        before = int(request.GET.get("before", ""))
    except ValueError:
        before = None
    positions = list(queries.public_acts(before)[:A_PAGE])
    items = told((position.entry for position in positions), linked=True)
    rows = [{"number": position.number, **item} for position, item in zip(positions, items, strict=True)]
    return render(
        request,
        "record/ledger.html",
        {
            "rows": rows,
            "head": queries.head(),
            "older": positions[-1].number if len(positions) == A_PAGE else None,
            "log": published.as_page(published.the_log()),
        },
    )


@reading
def act(request: HttpRequest, number: int) -> HttpResponse:
    """One act: what it says, to the byte."""
    position = queries.position(number)
    if position is None or not position.entry.subjects:  # what is about a person alone is nobody's reading
        raise Http404
    entry = position.entry
    log = published.the_log()
    proof = published.proof_of(log, number, leaf_of(entry))
    answer = render(
        request,
        "record/act.html",
        {
            "log": published.as_page(log),
            "proof": proof,
            "number": number,
            "restored_at": entry.restored_at,
            "item": told([entry])[0],
            "about": [(subject, addresses.of_subject(subject)) for subject in entry.subjects],
            "canonical": bytes(entry.canonical).decode(),
            "pretty": json.dumps(entry.body, ensure_ascii=False, indent=2),
            "sha256": hashlib.sha256(entry.canonical).hexdigest(),
        },
    )
    if proof is None:  # it comes within seconds, and the page is not kept until then
        answer["Cache-Control"] = "no-cache"
    return answer


@reading
def about(request: HttpRequest) -> HttpResponse:
    """What Hamgara is, in a page."""
    return render(request, "record/about.html")
