"""What a reviewer does: see the seats they were called to, answer, or step back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hamgara.domain.commitments import queries as commitments
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.ledger.commands import require
from hamgara.domain.moderation.models import Case
from hamgara.domain.oversight import commands, policies, queries
from hamgara.domain.oversight.models import Seat
from hamgara.web import ability, evidence
from hamgara.web.commitments.forms import plain
from hamgara.web.doing import WRONG, do, given
from hamgara.web.evidence import with_safe_files
from hamgara.web.reviewer.forms import RecuseForm, VerdictForm
from hamgara.web.views import reading, writing

DONE = 50


@reading
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    """The seats that wait for the reader's answer, and those that are done."""
    here = {
        "to_do": list(queries.seats_to_do(request.user)),  # type: ignore[arg-type]
        "done": list(queries.seats_done(request.user, DONE)),  # type: ignore[arg-type]
        "words": list(queries.words_to_give(request.user)),  # type: ignore[arg-type]
    }
    return render(request, "reviewer/list.html", here)


def _own(request: HttpRequest, key: UUID) -> Seat:
    """The seat, if the reader may act for it; for everybody else there is none."""
    seat = queries.seat_by_key(key)
    if seat is None or not ability.able(request, policies.sits_on, seat):
        raise Http404
    return seat


@writing
def seat(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was promised and claimed, and the reviewer's answer in three steps."""
    found = _own(request, key)
    if request.method != "POST":
        return _page(request, found)
    form = VerdictForm(request.POST, request.FILES)
    ability.ask(form, request, policies.may_give_verdict, found)
    by = ability.actor(request, policies.may_give_verdict, found)
    if form.is_valid():
        command = with_safe_files(commands.give_verdict)
        if do(form, command, by=by, seat=found, **given(form)) is not None:
            messages.success(request, _("Thank you. Your verdict is kept; it becomes public when all have answered."))
            return redirect("reviewer:list")
    else:
        require(policies.may_give_verdict(by, found))
    return _page(request, found, verdict_form=form, status=WRONG)


@writing
def recuse(request: HttpRequest, key: UUID) -> HttpResponse:
    """Step back because of a tie; the next in the order of the lot is called."""
    found = _own(request, key)
    if request.method != "POST":
        return redirect("reviewer:seat", found.key)
    form = RecuseForm(request.POST)
    ability.ask(form, request, policies.may_recuse, found)
    if form.is_valid():
        by = ability.actor(request, policies.may_recuse, found)
        if do(form, commands.recuse, by=by, seat=found, **given(form)) is not None:
            messages.success(request, _("Thank you for saying so. The next in the order of the lot is called."))
            return redirect("reviewer:list")
    return _page(request, found, recuse_form=form, status=WRONG)


def _page(request: HttpRequest, seat: Seat, *, status: int = 200, **forms: Any) -> HttpResponse:
    by = _sitting(request, seat)
    may = ability.said(request, policies.may_give_verdict, by, seat)
    by_recuse = ability.able(request, policies.may_recuse, seat)
    if "verdict_form" not in forms and may:
        forms["verdict_form"] = VerdictForm()
        ability.ask(forms["verdict_form"], request, policies.may_give_verdict, seat)
    if "recuse_form" not in forms and by_recuse:
        forms["recuse_form"] = RecuseForm(auto_id="id_recuse_%s")
        ability.ask(forms["recuse_form"], request, policies.may_recuse, seat)
    commitment = commitments.with_reports(seat.review.commitment)
    here = {
        "seat": seat,
        "review": seat.review,
        "commitment": commitment,
        "indicators": [
            {"text": each.text, "unit": each.unit, "target": plain(each.target), "claimed": plain(each.claimed)}
            for each in commitment.indicators.all()
        ],
        "reports": [_report(commitment, each) for each in commitment.progress.all()],
        "may": may,
        "by": by,
        "by_recuse": by_recuse,
        **forms,
    }
    return render(request, "reviewer/seat.html", here, status=status)


def _sitting(request: HttpRequest, seat: Seat) -> Any:
    """The reader under the mandate with which they sit there; the one with which they may judge, if there is one."""
    judging = ability.able(request, policies.may_give_verdict, seat)
    return judging or ability.able(request, policies.sits_on, seat)


def _report(commitment: Commitment, progress: Any) -> dict[str, Any]:
    return {
        "text": progress.text,
        "at": progress.at,
        "by": progress.organisation,
        "claims_done": progress.claims_done,
        "files": evidence.listed(
            progress.files.all(),
            lambda number: reverse("commitments:file", args=[commitment.code, number]),
            Case.Kind.EVIDENCE,
        ),
    }
