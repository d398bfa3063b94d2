"""Support, following and comments: of persons, once each, and never of organisations."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connections

from hamgara import charter
from hamgara.domain.demands import commands, policies, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import Invalid, Refused, Replayed
from hamgara.domain.ledger.models import Entry
from tests import factories as make

pytestmark = pytest.mark.django_db


def fresh(demand: Demand) -> Demand:
    return Demand.objects.get(pk=demand.pk)


def test_support_counts_once_and_follows_along() -> None:
    demand, by = make.demand(), make.acting()
    commands.support(by=by, demand=demand)
    with pytest.raises(Refused):
        commands.support(by=by, demand=demand)
    assert (fresh(demand).support_count, fresh(demand).follow_count) == (1, 1)
    commands.withdraw_support(by=by, demand=demand)
    assert (fresh(demand).support_count, fresh(demand).follow_count) == (0, 1)
    commands.unfollow(by=by, demand=demand)
    assert fresh(demand).follow_count == 0


def test_an_organisation_adds_nothing_to_the_count() -> None:
    body = make.organisation()
    head = make.head_of(body)
    demand = make.demand()
    with pytest.raises(Refused):
        commands.support(by=head, demand=demand)
    commands.support(by=make.acting(head.person), demand=demand)
    assert fresh(demand).support_count == 1


def test_an_officer_supports_as_a_person() -> None:
    officer, demand = make.office_officer(), make.demand()
    assert not policies.may_support(officer, demand)
    assert policies.may_support(make.acting(officer.person), demand)


def test_the_author_is_not_a_supporter_of_their_own_demand() -> None:
    by = make.acting()
    with pytest.raises(Refused):
        commands.support(by=by, demand=make.demand(by))


def test_a_double_click_on_support_is_one_support() -> None:
    demand, by = make.demand(), make.acting(once=uuid.uuid4())
    commands.support(by=by, demand=demand)
    with pytest.raises(Replayed):
        commands.support(by=by, demand=demand)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_all_counted() -> None:
    demand, voices = make.demand(), [make.acting() for _n in range(6)]

    def support(n: int) -> None:
        commands.support(by=voices[n], demand=demand)
        connections.close_all()

    at_once = [threading.Thread(target=support, args=(n,)) for n in range(6)]
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()
    assert fresh(demand).support_count == demand.supports.count() == 6


def test_who_supports_stands_in_the_record_only_as_a_commitment() -> None:
    by = make.acting()
    commands.support(by=by, demand=make.demand())
    entry = Entry.objects.get(kind="demands.supported")
    assert str(by.person.key).encode() not in bytes(entry.canonical)


def test_a_comment_is_in_ones_own_name_or_a_bodys() -> None:
    demand, unit = make.demand(), make.unit()
    own = commands.comment(by=make.acting(), demand=demand, text="  من هم دیده‌ام.  ")
    official = commands.comment(by=make.officer(unit), demand=demand, text="پیگیری می‌کنیم.")
    carried = commands.comment(by=make.head_of(make.organisation()), demand=demand, text="کمک می‌کنیم.")
    assert (own.text, own.organisation, own.official) == ("من هم دیده‌ام.", None, False)
    assert (official.organisation, official.official) == (unit, True)
    assert carried.organisation is not None
    assert not carried.official
    assert fresh(demand).comment_count == 3


def test_a_comment_is_neither_empty_nor_over_long() -> None:
    demand, by = make.demand(), make.acting()
    for text in ("", " \u200c\u200f ", "م" * 1501):
        with pytest.raises(Invalid) as invalid:
            commands.comment(by=by, demand=demand, text=text)
        assert invalid.value.problems.keys() == {"text"}
    assert fresh(demand).comment_count == 0


def test_a_person_writes_so_many_comments_a_day_as_the_charter_says() -> None:
    demand, by = make.demand(), make.acting()
    for _n in range(charter.number("demands.comments_a_day")):
        commands.comment(by=by, demand=demand, text="سخن")
    with pytest.raises(Refused):
        commands.comment(by=by, demand=demand, text="یکی دیگر")


def test_names_and_addresses_are_hidden_unless_shown() -> None:
    author = make.acting(make.person("مریم"))
    hidden = make.demand(author, address="کوچهٔ سوم، پلاک ۴")
    shown = make.demand(author, show_name=True)
    officer = make.office_officer()

    def seen(demand: Demand, by: object) -> tuple[str | None, str]:
        words = policies.may_read_words(by, demand)
        looked = queries.has_looked(demand, getattr(by, "person", None))
        private = policies.may_see_private(by, demand, looked=looked)
        detail = queries.detail(demand, None, words=bool(words), private=bool(private), concerned=bool(private))
        return detail.author_name, detail.address

    assert seen(hidden, None) == (None, "")
    assert seen(hidden, make.acting()) == (None, "")
    assert seen(hidden, author) == ("مریم", "کوچهٔ سوم، پلاک ۴")
    assert seen(hidden, officer) == (None, "")
    assert seen(shown, None) == ("مریم", "")

    commands.look(by=officer, demand=hidden, reason_code="find_place")
    assert seen(hidden, officer) == ("مریم", "کوچهٔ سوم، پلاک ۴")
    assert seen(hidden, make.office_officer()) == (None, ""), "each officer says why for themselves"
    assert seen(hidden, make.acting()) == (None, "")
    with make.days_later(2):
        assert seen(hidden, officer) == (None, "")


def test_to_look_at_what_is_hidden_is_an_act_with_a_reason_of_the_charter() -> None:
    author = make.acting(make.person("مریم"))
    demand, officer = make.demand(author, address="پلاک ۴"), make.office_officer()
    with pytest.raises(Invalid):
        commands.look(by=officer, demand=demand, reason_code="curious")
    assert not demand.looks.exists()
    commands.look(by=officer, demand=demand, reason_code="find_place")
    entry = Entry.objects.get(kind="demands.looked")
    assert entry.data == {"demand": demand.code, "reason_code": "find_place"}
    assert entry.body["by"]["body"] == officer.mandate.organisation.code
    with pytest.raises(Refused):
        commands.look(by=officer, demand=demand, reason_code="find_place")
    assert demand.looks.count() == 1
    [look] = queries.detail(demand, author.person, words=True, private=True, concerned=True).looks
    assert look.unit == officer.mandate.organisation
    with make.days_later(2):
        commands.look(by=officer, demand=demand, reason_code="reach_author")
    assert demand.looks.count() == 2


def test_where_nothing_is_hidden_there_is_nothing_to_look_at() -> None:
    open_one = make.demand(make.acting(make.person("مریم")), show_name=True)
    with pytest.raises(Refused):
        commands.look(by=make.office_officer(), demand=open_one, reason_code="find_place")
