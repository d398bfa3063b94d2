"""The officers' desk as a file, with its filters."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hamgara.domain.commitments import queries as commitments
from hamgara.domain.demands import queries
from hamgara.web import acting, exports
from hamgara.web.demands.exports import sheet
from hamgara.web.inbox.desk import officers_mandates
from hamgara.web.inbox.forms import DeskForm
from hamgara.web.officers import officers_only

# As the page's own tabs are called.
TABS = {
    "received": _("To be admitted or not"),
    "admitted": _("To be answered"),
    "promised": _("Promised"),
    "ended": _("Ended"),
    "filed": _("From earlier records"),
}
DUE = {"overdue": _("Overdue"), "today": _("Due today"), "week": _("Due within a week")}


@exports.exporting
@officers_only
def export(request: HttpRequest, written: str) -> HttpResponse:
    """What the public may see of these demands: what the author keeps from it is not taken home in a file."""
    form = DeskForm(request.GET)
    exports.understood(form)
    mandate = officers_mandates(request)[0]
    wanted = form.wanted(mandate, whole=acting.works_for_office(mandate))
    exports.asked(_("Municipal unit"), _("The whole municipality") if wanted.whole else mandate.organisation.label)
    if wanted.tab:
        exports.asked(_("By state"), TABS[wanted.tab])
    if wanted.due:
        exports.asked(_("By deadline"), DUE[wanted.due])
    public = sheet("inbox", _("Officers' inbox"), exports.root(request))
    whole = replace(public, columns=(*public.columns, exports.Column("handled_by", _("dealt with by"), "handler_name")))
    return exports.answer(request, whole, written, commitments.with_claims(queries.desk_for_a_file(wanted)))
