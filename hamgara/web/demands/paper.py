"""The file of a demand on paper: what its page tells everybody, as a PDF with the page's address."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hamgara import clock
from hamgara.domain.commitments import queries as commitments
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands import policies, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.demands.queries import Detail
from hamgara.domain.organisations import queries as organisations
from hamgara.integrations import paper
from hamgara.web.context import city
from hamgara.web.demands.views import by_code
from hamgara.web.looks import TEXTS
from hamgara.web.reading import language, number, show_date, show_datetime, to_reader
from hamgara.web.telling import told
from hamgara.web.views import reading

TEMPLATE = settings.ROOT / "hamgara" / "web" / "papers" / "demand.typ"
FONTS = settings.ROOT / "hamgara" / "web" / "static" / "vendor" / "paper"


@reading
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The same for whomever asks: nothing that only some may see leaves the house on paper."""
    demand = by_code(code)
    if not policies.may_read_words(None, demand):
        raise Http404
    address = request.build_absolute_uri(reverse("demands:detail", args=[demand.code]))
    made_at = clock.now()
    made = paper.pdf(
        TEMPLATE, {**content(demand, address), "made": _made(show_datetime(made_at))}, fonts=FONTS, made_at=made_at
    )
    response = HttpResponse(made, content_type="application/pdf")
    name = _("demand %(code)s") % {"code": demand.code}
    response["Content-Disposition"] = f"inline; filename=\"{demand.code}.pdf\"; filename*=UTF-8''{quote(name)}.pdf"
    return response


def content(demand: Demand, address: str) -> dict[str, Any]:
    """What stands on the paper, in the reader's language; the template adds no word of its own."""
    shown = queries.detail(demand, None, words=True, private=False, concerned=False)
    return {
        "language": language(),
        "city": city()["place"].label,
        "kind": str(demand.get_kind_display()),
        "title": shown.title,
        "state": str(demand.get_state_display()),
        "code": to_reader(demand.shown_code),
        "address": address,
        "qr": segno.make(address, error="m", micro=False).svg_inline(border=0, unit="mm", dark="#0f4c5c"),
        "facts-head": [_("What"), _("As it stands")],
        "facts": _facts(demand, shown),
        "text": shown.text,
        "answers": _answers(demand, shown),
        "commitments": [_promised(each) for each in commitments.of_demand(demand)],
        "words": {
            "text": _("What is asked"),
            "commitments": _("What was promised"),
            "claim": _("The promiser's claim"),
            "verified": _("What independent reviewers found"),
            "history": _("What happened so far"),
        },
        "history-head": [_("Day"), _("What happened")],
        "history": _history(shown),
    }


def _made(moment: str) -> str:
    return _("As it stood on %(moment)s. The page at the address above tells how it goes on.") % {"moment": moment}


def _facts(demand: Demand, shown: Detail) -> list[tuple[str, str]]:
    asked_by = [shown.author_name or _("a citizen"), demand.on_behalf.label if demand.on_behalf else ""]
    facts = [
        (_("Asked by"), "، ".join(filter(None, asked_by)) if language() == "fa" else ", ".join(filter(None, asked_by))),
        (_("Received"), show_date(demand.submitted_at)),
        (_("Field"), demand.field.label),
        (_("Place"), " › ".join(each.label for each in organisations.place_line(demand.place))),
        (_("With"), demand.unit.label),
        (_("Deadline"), show_date(demand.deadline) if demand.deadline else ""),
        (_("Supporters"), number(demand.support_count)),
        (_("Ended"), show_date(demand.ended_at) if demand.ended_at else ""),
        (_("Photos and papers"), _on_the_page(demand.attachment_count)),
    ]
    return [(name, value) for name, value in facts if value]


def _on_the_page(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(count)s, on the page", "%(count)s, on the page", count) % {"count": number(count)}


def _answers(demand: Demand, shown: Detail) -> list[dict[str, str]]:
    answers = [
        {
            "head": _("The city's answer"),
            "text": each.text,
            "by": " · ".join(filter(None, [each.unit.label if each.unit else "", show_date(each.at)])),
        }
        for each in shown.answers
        if each.text and each.kind == "explanation"
    ]
    reason = "\n".join(filter(None, [str(demand.reason_label or ""), demand.state_reason]))
    if demand.state in (Demand.State.REFUSED, Demand.State.NOT_DOABLE) and reason:
        by = demand.state_by.label if demand.state_by else ""
        said = " · ".join(filter(None, [by, show_date(demand.state_since)]))
        answers.append({"head": _("The reason"), "text": reason, "by": said})
    if demand.claim:
        answers.append(
            {
                "head": _("What the city's earlier records say"),
                "text": str(demand.get_claim_display()),
                "by": _(
                    "This demand was made before this system. Its end is the municipality's own word: no independent "
                    "reviewer has seen it, and it counts in no rate."
                ),
            }
        )
    return answers


def _promised(commitment: Commitment) -> dict[str, Any]:
    """A promise; what the promiser claims and what reviewers found stand apart, each with its day."""
    reported, found = commitment.reported_at, commitment.outcome
    by = [each.organisation.label for each in commitment.promisers.all()]
    return {
        "title": commitment.title,
        "about": " · ".join([*by, _("due %(day)s") % {"day": show_date(commitment.due)}]),
        "claim": {
            "words": _("Reported done.") if reported else _("Nothing reported yet."),
            "day": show_date(reported) if reported else "",
            "said": commitment.claim,
        },
        "verified": {
            "words": str(TEXTS["outcome"][found]) if found else _("Not verified yet."),
            "day": show_date(commitment.settled_at) if found and commitment.settled_at else "",
            "said": "",
        },
    }


def _history(shown: Detail) -> list[dict[str, str]]:
    return [
        {
            "day": show_date(each["at"]),
            "title": str(each["title"]),
            "by": " ".join(strip_tags(str(each["actor"])).split()),
            "text": str(each["text"] or ""),
        }
        for each in told(shown.steps)
    ]
