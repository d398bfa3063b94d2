"""One comment, file or name that may be against the charter: what became of it, to report it, to appeal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hamgara.domain.ledger import queries as ledger
from hamgara.domain.ledger.models import Entry
from hamgara.domain.moderation import commands, policies, queries
from hamgara.domain.moderation.models import Case
from hamgara.domain.organisations.models import ActingPerson, Mandate
from hamgara.web import ability, acting
from hamgara.web.doing import WRONG, ask_in_whose_name, do, given
from hamgara.web.moderation.forms import AppealForm, ReportForm
from hamgara.web.telling import told
from hamgara.web.views import reading, writing

Kind = Case.Kind
# Who reported is nobody's business, and that somebody did is no news either: decisions are.
UNTOLD = ("moderation.reported", "moderation.deadline_near", "moderation.deadline_passed")


def by_code(code: str) -> Case:
    found = queries.case_of(code)
    if found is None:
        raise Http404
    return found


def entries(case: Case) -> list[Entry]:
    """What was decided and appealed against, oldest first."""
    return list(ledger.about(case.subject).exclude(kind__in=UNTOLD)) if case.pk else []


def stands_on(case: Case) -> str:
    """The address at which everybody finds the thing, or where it stood."""
    if case.review is not None:
        return reverse("reviews:detail", args=[case.review.code])
    if case.commitment is not None:
        return reverse("commitments:detail", args=[case.commitment.code])
    page = reverse("demands:detail", args=[case.demand.code])
    return f"{page}#comment-{case.comment.key}" if case.comment is not None else page


def file_address(case: Case) -> str:
    """Where the file is served to everybody, as long as it is not hidden."""
    assert case.file is not None
    if case.review is not None:
        return reverse("reviews:file", args=[case.review.code, case.file.pk])
    if case.commitment is not None:
        return reverse("commitments:file", args=[case.commitment.code, case.file.pk])
    return reverse("demands:file", args=[case.demand.code, case.file.pk])


def _name_beside(case: Case) -> str | None:
    """The case of the name that stands beside a comment, where one is shown, or of the title above a description."""
    if case.kind == Kind.DEMAND_TEXT and not case.demand.title_hiding_id:
        return f"{Kind.DEMAND_TITLE}.{case.demand.code}"
    comment = case.comment if case.kind == Kind.COMMENT else None
    return f"{Kind.COMMENT_NAME}.{comment.key}" if comment is not None and comment.public_name else None


@reading
def case(request: HttpRequest, code: str) -> HttpResponse:
    """The page of one thing: what was decided about it; for who may, a form to report it or to appeal."""
    return page_of(request, by_code(code))


def page_of(request: HttpRequest, case: Case, *, status: int = 200, **forms: Any) -> HttpResponse:
    speaker = ability.able(request, policies.speaks_for, case)
    if speaker is None and not queries.is_public(case):
        raise Http404
    oneself = ActingPerson(request.user) if request.user.is_authenticated else None  # type: ignore[arg-type]
    may_report = None
    if oneself is not None:
        already = queries.has_reported(oneself.person, case)
        made_today = queries.reported_today(oneself.person)
        may_report = policies.may_report(oneself, case, already=already, made_today=made_today)
    may_appeal = speaker is not None and policies.may_appeal(speaker, case)
    here = {
        "case": case,
        # Whoever wrote it still reads what the dispute is about.
        "shown": speaker is not None or not case.is_hidden,
        "mine": speaker is not None,
        "file": file_address(case) if case.file is not None and not case.is_hidden else None,
        "stands_on": stands_on(case),
        "name_case": _name_beside(case),
        "may_report": may_report,
        "report_form": forms.get("report_form") or ReportForm(),
        "appeal_form": forms.get("appeal_form") or (_appeal_form(request, case) if may_appeal else None),
        "history": told(entries(case)),
    }
    return render(request, "moderation/case.html", here, status=status)


@writing
def report(request: HttpRequest, code: str) -> HttpResponse:
    """Report it: in one's own name, and seen by nobody."""
    found = by_code(code)
    if not queries.is_public(found):
        raise Http404
    if request.method != "POST":
        return redirect("moderation:case", code)
    form = ReportForm(request.POST)
    by = ActingPerson(request.user, once=acting.once_of(request))  # type: ignore[arg-type]
    if form.is_valid() and do(form, commands.report, by=by, case=found, **given(form)):
        messages.success(request, _("Thank you. The participation office looks at it; nobody learns that it was you."))
        return redirect(stands_on(found))
    return page_of(request, found, status=WRONG, report_form=form)


def _speaks_as(mandate: Mandate, case: Case) -> bool:
    return case.body is not None and mandate.organisation_id == case.body.pk


def _appeal_form(request: HttpRequest, case: Case, data: Any = None) -> AppealForm:
    """Whoever wrote it and acts for the body in whose name it was said appeals in one name or the other."""
    form = AppealForm(data)
    wrote = policies.is_author(ActingPerson(request.user), case)  # type: ignore[arg-type]
    ask_in_whose_name(form, request, fits=lambda mandate: _speaks_as(mandate, case), oneself=wrote)
    return form


@writing
def appeal(request: HttpRequest, code: str) -> HttpResponse:
    """Ask that another officer look at it again."""
    found = by_code(code)
    if request.method != "POST":
        return redirect("moderation:case", code)
    form = _appeal_form(request, found, request.POST)
    wrote = policies.is_author(ActingPerson(request.user), found)  # type: ignore[arg-type]
    by = acting.actor(request, fits=None if wrote else lambda mandate: _speaks_as(mandate, found))
    if form.is_valid() and do(form, commands.appeal, by=by, case=found, **given(form)):
        messages.success(request, _("Another officer looks at it again. You will hear what was decided."))
        return redirect("moderation:case", code)
    return page_of(request, found, status=WRONG, appeal_form=form)
