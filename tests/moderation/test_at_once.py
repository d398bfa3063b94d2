"""People who report and officers who decide in the same moment: each report counts, one decision stands."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from hamgara.domain.demands import commands as demands
from hamgara.domain.ledger.commands import Refused
from hamgara.domain.ledger.models import Entry
from hamgara.domain.moderation import commands
from hamgara.domain.moderation.models import Case, Ruling
from tests import factories as make
from tests.moderation import reporting

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act returns, or with what it was refused; all begin together, each on a connection of its own."""
    together = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            together.wait()
            return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_four_people_report_a_thing_that_nobody_reported_before() -> None:
    comment = demands.comment(by=make.acting(), demand=make.demand(unit=make.unit()), text="سخن")
    case, people = reporting.case_of(comment), [make.acting() for _n in range(4)]
    at_once(*(lambda by=by: commands.report(by=by, case=case, reason="spam") for by in people))
    assert (Case.objects.get().reports, Entry.objects.filter(kind="moderation.reported").count()) == (4, 4)


def test_of_two_officers_who_decide_differently_one_is_told_that_the_other_was_first() -> None:
    comment = demands.comment(by=make.acting(), demand=make.demand(unit=make.unit()), text="سخن")
    case, first, second = reporting.reported(comment), make.office_officer(), make.office_officer()
    told = at_once(
        lambda: commands.hide(by=first, case=case, reason="spam"),
        lambda: commands.leave(by=second, case=case, words="بماند"),
    )
    decided = Ruling.objects.count()
    hidden_last = [each for each in told if isinstance(each, Refused)] == []
    # To leave and then to hide is possible, and each is its own act; never both upon the same reports.
    assert decided == (2 if hidden_last else 1)
    assert Ruling.objects.exclude(since=None).count() == 1
    comment.refresh_from_db()
    assert (comment.hiding is not None) == (Case.objects.get().state == "hidden")
