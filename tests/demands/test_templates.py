"""Answers that units keep ready: who words them, whom they serve, and what the blanks in them become."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from hamgara import charter
from hamgara.algorithms.persian import calendar, digits
from hamgara.domain.demands import commands, policies, queries
from hamgara.domain.demands.models import AnswerTemplate
from hamgara.domain.ledger.commands import Invalid, Refused
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands as organisations
from tests import factories as make

pytestmark = pytest.mark.django_db

TEXT = "مطالبهٔ {کد} دربارهٔ «{عنوان}» در {مکان} نزد {واحد} است و تا {مهلت} پاسخ می‌گیرد."


def test_only_the_head_of_the_unit_or_of_one_above_words_its_answers() -> None:
    above = make.unit()
    unit = make.unit(parent=above)
    head, ended = make.mandate(unit, role="head"), make.mandate(unit, role="head")
    organisations.end_mandate(by=make.office_officer(), mandate=ended)
    ended.refresh_from_db()
    roles: dict[str, Any] = {
        "citizen": make.acting(),
        "officer": make.officer(unit),
        "head": make.under(head),
        "head above": make.under(make.mandate(above, role="head")),
        "head elsewhere": make.under(make.mandate(make.unit(), role="head")),
        "head of an organisation": make.head_of(make.organisation()),
        "office": make.office_officer(),
        "mandate ended": make.under(ended),
        "house": RULES,
    }
    kept = commands.add_template(by=roles["head"], unit=unit, title="پاسخ نخست", text=TEXT)
    assert not policies.may_manage_templates(None, unit)
    acts: list[Callable[[Any], object]] = [
        lambda by: commands.add_template(by=by, unit=unit, title="پاسخ", text=TEXT),
        lambda by: commands.change_template(by=by, template=kept, seen=kept.wording, title="پاسخ", text=TEXT),
        lambda by: commands.remove_template(by=by, template=kept),
    ]
    for role, by in roles.items():
        allowed = role in {"head", "head above"}
        assert bool(policies.may_manage_templates(by, unit, kept)) == allowed, role
        for act in acts:
            before = Entry.objects.count()
            with transaction.atomic():
                if allowed:
                    act(by)
                    assert Entry.objects.count() == before + 1
                else:
                    with pytest.raises(Refused):
                        act(by)
                    assert Entry.objects.count() == before
                transaction.set_rollback(True)


def test_what_is_removed_serves_nobody_and_is_changed_no_more() -> None:
    unit = make.unit()
    head = make.under(make.mandate(unit, role="head"))
    kept = commands.add_template(by=head, unit=unit, title="پاسخ", text=TEXT)
    assert list(queries.templates_for([unit])) == [kept]
    commands.remove_template(by=head, template=kept)
    assert list(queries.templates_for([unit])) == []
    for act in (commands.remove_template, commands.change_template):
        more = {"title": "پاسخ", "text": TEXT, "seen": kept.wording} if act is commands.change_template else {}
        with pytest.raises(Refused):
            act(by=head, template=kept, **more)  # type: ignore[operator]


def test_a_unit_is_served_by_its_own_answers_and_those_of_the_units_above() -> None:
    above = make.unit()
    unit = make.unit(parent=above)
    kept = {
        each.pk: commands.add_template(
            by=make.under(make.mandate(each, role="head")), unit=each, title="پاسخ", text=TEXT
        )
        for each in (above, unit, make.unit(parent=above))
    }
    assert set(queries.templates_for([unit])) == {kept[above.pk], kept[unit.pk]}
    assert set(queries.templates_for([above])) == {kept[above.pk]}


def test_blanks_are_filled_from_the_demand() -> None:
    demand = make.demand(unit=make.unit())
    assert demand.deadline is not None
    filled = queries.filled(AnswerTemplate(text=TEXT), demand)
    assert "{" not in filled
    for part in (
        digits.to_persian(demand.shown_code),
        demand.title,
        demand.place.name,
        demand.unit.name,
        calendar.format_date(demand.deadline),
    ):
        assert part in filled


def test_words_of_a_demand_are_not_taken_for_blanks() -> None:
    demand = make.demand(title="خیابان {کد} تاریک است", unit=make.unit())
    assert queries.filled(AnswerTemplate(text="«{عنوان}»"), demand) == "«خیابان {کد} تاریک است»"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("", TEXT),
        ("پاسخ", " "),
        ("پاسخ", "سلام {نام}"),
        ("پاسخ", "سلام {}"),
        ("ا" * (charter.number("demands.title_length") + 1), TEXT),
        ("پاسخ", "ا" * (charter.number("demands.answer_length") + 1)),
    ],
)
def test_what_cannot_be_kept_is_refused_with_nothing_written(title: str, text: str) -> None:
    unit = make.unit()
    with pytest.raises(Invalid):
        commands.add_template(by=make.under(make.mandate(unit, role="head")), unit=unit, title=title, text=text)
    assert not AnswerTemplate.objects.exists()
