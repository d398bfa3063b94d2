"""Commands about the answers that a unit keeps ready: add, change, remove."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hamgara import clock
from hamgara.domain.demands import events, policies, queries
from hamgara.domain.demands.commands.rows import words
from hamgara.domain.demands.models import AnswerTemplate
from hamgara.domain.ledger.commands import Invalid, command, record, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations.models import Organisation


@command
def add_template(*, by: Actor, unit: Organisation, title: str, text: str) -> AnswerTemplate:
    """Keep an answer ready for the officers of a unit and of those below it."""
    require(policies.may_manage_templates(by, unit))
    title, text = _checked(title, text)
    made = AnswerTemplate.objects.create(unit=unit, title=title, text=text)
    record(events.TemplateAdded(template=str(made.key), unit=unit.code, title=title, text=text), by=by)
    return made


@command
def change_template(*, by: Actor, template: AnswerTemplate, seen: str, title: str, text: str) -> AnswerTemplate:
    """Word an answer that is kept ready anew; answers that were given with it stay as they are.

    `seen` is the wording over which it is written: of two who word it at once, the second is told.
    """
    template = _held(template)
    require(policies.may_reword(by, template, seen))
    template.title, template.text = _checked(title, text)
    template.save(update_fields=["title", "text"])
    record(
        events.TemplateChanged(
            template=str(template.key), unit=template.unit.code, title=template.title, text=template.text
        ),
        by=by,
    )
    return template


@command
def remove_template(*, by: Actor, template: AnswerTemplate) -> AnswerTemplate:
    """Keep an answer ready no longer."""
    template = _held(template)
    require(policies.may_manage_templates(by, template.unit, template))
    template.removed_at = clock.now()
    template.save(update_fields=["removed_at"])
    record(events.TemplateRemoved(template=str(template.key), unit=template.unit.code), by=by)
    return template


def _held(template: AnswerTemplate) -> AnswerTemplate:
    rows = AnswerTemplate.objects.select_for_update(of=("self",)).select_related("unit")
    return rows.get(pk=template.pk)


def _checked(title: str, text: str) -> tuple[str, str]:
    """Both there, neither too long, and no blank that nobody could fill in."""
    problems: dict[str, str] = {}
    title = words(problems, "title", title, "demands.title_length", lines=False)
    text = words(problems, "text", text, "demands.answer_length")
    for name, said in (("title", title), ("text", text)):
        if not said:
            problems[name] = _("Write something here.")
    if unknown := queries.unknown_blanks(text):
        problems["text"] = _("Nothing fills in %(blanks)s. There are: %(known)s.") % {
            "blanks": "، ".join(f"{{{each}}}" for each in unknown),
            "known": "، ".join(f"{{{each}}}" for each in queries.BLANKS),
        }
    if problems:
        raise Invalid(problems)
    return title, text
