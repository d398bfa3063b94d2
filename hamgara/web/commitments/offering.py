"""What may be done with a commitment by whoever reads its page: each act with its form, and in whose name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from hamgara.domain.commitments import commands, policies
from hamgara.domain.commitments.models import Commitment, Part, Promiser
from hamgara.web import ability
from hamgara.web.commitments import forms
from hamgara.web.evidence import with_safe_files


@dataclass(frozen=True)
class Verb:
    """One act on a commitment: its form, the policy and the command behind it, and how its button looks."""

    name: str
    title: Any
    symbol: str
    form: type[forms.ActForm]
    policy: Callable[..., Any]
    command: Callable[..., Any]
    success: Any
    look: str = "strong"
    says: Any = ""


VERBS = (
    Verb(
        "start",
        gettext_lazy("Work has begun"),
        "hammer",
        forms.StartForm,
        policies.may_start,
        commands.start,
        gettext_lazy("Everybody sees now that the work has begun."),
        says=gettext_lazy("Press this when somebody has really begun. From then on you can report progress here."),
    ),
    Verb(
        "progress",
        gettext_lazy("Report progress"),
        "trending-up",
        forms.ProgressForm,
        policies.may_report_progress,
        with_safe_files(commands.report_progress),
        gettext_lazy("Your report stands on the page."),
    ),
    Verb(
        "report",
        gettext_lazy("Report that all is done"),
        "flag",
        forms.ReportForm,
        policies.may_report_done,
        with_safe_files(commands.report_done),
        gettext_lazy("Your claim stands on the page. Reviewers drawn by lot will now look at it."),
        says=gettext_lazy(
            "This is your claim and closes nothing yet: independent reviewers drawn by lot look at it, on paper, on "
            "site, and at its effect."
        ),
    ),
    Verb(
        "part",
        gettext_lazy("Divide the work: add a part"),
        "list-plus",
        forms.PartForm,
        policies.may_work_on,
        commands.add_part,
        gettext_lazy("The part has its owner and its date."),
        "plain",
    ),
    Verb(
        "due",
        gettext_lazy("Change the due date"),
        "calendar-clock",
        forms.DueForm,
        policies.may_change_due,
        commands.change_due,
        gettext_lazy("The new date stands; the old one stays in view."),
        "plain",
    ),
    Verb(
        "resume",
        gettext_lazy("Take the work up again"),
        "rotate-ccw",
        forms.ResumeForm,
        policies.may_resume,
        commands.resume,
        gettext_lazy("The work goes on, with a new date."),
    ),
    Verb(
        "withdraw",
        gettext_lazy("Take the commitment back"),
        "undo-2",
        forms.WithdrawForm,
        policies.may_withdraw,
        commands.withdraw,
        gettext_lazy("The commitment has been taken back; the reason stands in public."),
        "danger",
    ),
)


def form_of(request: HttpRequest, verb: Verb, commitment: Commitment, *, sent: bool = False) -> forms.ActForm:
    form = verb.form(
        request.POST if sent else None,
        request.FILES if sent else None,
        commitment=commitment,
        auto_id=f"id_{verb.name}_%s",
    )
    ability.ask(form, request, verb.policy, commitment)
    return form


def offers(request: HttpRequest, commitment: Commitment, wrong: Any = None) -> dict[str, Any]:
    """What the reader may do about this commitment, each with its form; `wrong` is one that says what is wrong."""
    if not request.user.is_authenticated:
        return {}
    offered = []
    for verb in VERBS:
        if (by := ability.able(request, verb.policy, commitment)) is None:
            continue
        mine = wrong if type(wrong) is verb.form else None
        form = mine or form_of(request, verb, commitment)
        offered.append({"verb": verb, "form": form, "by": by, "open": mine is not None})
    declining = wrong if isinstance(wrong, forms.DeclineForm) else None
    invited = []
    for promiser in commitment.promisers.all():
        promiser.commitment = commitment
        if by := ability.able(request, policies.may_join, promiser):
            invited.append({"promiser": promiser, "by": by, "form": declining or forms.DeclineForm()})
    lead = next(each for each in commitment.promisers.all() if each.is_lead)
    lead.commitment = commitment
    takes_back = ability.able(request, may_decline, lead)
    done_by = {
        part.pk: by
        for part in commitment.parts.all()
        if (by := ability.able(request, policies.may_complete_part, part_of(part, commitment)))
    }
    return {
        "offered": offered,
        "invited": invited,
        "takes_back": {"promiser": lead, "by": takes_back, "form": declining or forms.DeclineForm()}
        if takes_back
        else None,
        "declining": declining is not None,
        "done_by": done_by,
    }


def part_of(part: Part, commitment: Commitment) -> Part:
    # The commitment that is at hand, so that the policy asks the database for nothing.
    part.commitment = commitment
    return part


def may_decline(by: Any, promiser: Promiser) -> Any:
    return policies.may_join(by, promiser, "decline_to_join")
