"""Admitting, declining and its one appeal, sending on, merging and undoing it, and two officers at once."""

from __future__ import annotations

import threading

import pytest
from django.db import connections
from django.utils import translation

from hamgara.domain.demands import commands, policies, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import Invalid, Refused
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import ActingPerson
from tests import factories as make

pytestmark = pytest.mark.django_db


def decline(demand: Demand, by: ActingPerson) -> Demand:
    return commands.decline(by=by, demand=demand, reason_code="unclear", reason="روشن نیست چه می‌خواهید.")


def fresh(demand: Demand) -> Demand:
    return Demand.objects.select_related("unit", "state_by").get(pk=demand.pk)


# --- admitting, declining --------------------------------------------------------------------------------------------


def test_admitting_starts_the_clock_of_the_answer() -> None:
    with make.standing(2026, 11, 23):
        demand = make.admitted()
    assert (demand.state, demand.clock_kind) == ("admitted", "answer")
    assert demand.deadline is not None
    assert demand.deadline.isoformat() == "2026-12-07"


def test_declining_needs_a_reason_of_the_charter_and_words() -> None:
    demand, by = make.demand(), make.office_officer()
    with pytest.raises(Invalid) as invalid:
        commands.decline(by=by, demand=demand, reason_code="inconvenient", reason="دردسر دارد")
    assert invalid.value.problems.keys() == {"reason_code"}
    with pytest.raises(Invalid) as invalid:
        commands.decline(by=by, demand=demand, reason_code="unclear", reason="  \u200c ")
    assert invalid.value.problems.keys() == {"reason"}
    with translation.override("fa"):
        assert decline(demand, by).reason_label == "روشن نیست چه خواسته شده است."


def test_what_is_not_admitted_is_not_published() -> None:
    author = make.acting()
    officer = make.office_officer()
    demand = decline(make.demand(author), officer)
    stranger = make.acting()
    assert demand not in queries.listing(queries.Wanted())
    assert not policies.may_read_words(stranger, demand)
    assert not policies.may_read_words(None, demand)
    assert policies.may_read_words(author, demand)
    assert policies.may_read_words(officer, demand)
    shown = queries.detail(demand, stranger.person, words=False, private=False, concerned=False)
    assert (shown.title, shown.text, shown.author_name, shown.address) == ("", "", None, "")
    assert demand in queries.listing(queries.Wanted(author=author.person))


def test_the_second_officer_is_told_who_did_what_and_when() -> None:
    unit = make.unit("ادارهٔ فرهنگی")
    first, second = make.officer(unit), make.office_officer()
    demand = make.demand(unit=unit)
    with make.standing(2026, 11, 23, 9):
        commands.admit(by=first, demand=demand)
    with pytest.raises(Refused) as refused, translation.override("fa"):
        commands.decline(by=second, demand=demand, reason_code="unclear", reason="روشن نیست")
    told = str(refused.value.reason)
    assert "ادارهٔ فرهنگی" in told
    assert "۲ آذر ۱۴۰۵، ۰۹:۰۰" in told
    assert str(Demand.State.ADMITTED.label) in told or "پذیرفته" in told
    assert fresh(demand).state == "admitted"


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_the_same_moment_one_decides() -> None:
    unit = make.unit()
    demand, officers = make.demand(unit=unit), [make.officer(unit), make.officer(unit)]
    ready, told = threading.Barrier(2), []

    def decide(by: ActingPerson, verb: str) -> None:
        try:
            ready.wait()
            if verb == "admit":
                commands.admit(by=by, demand=demand)
            else:
                decline(demand, by)
            told.append("done")
        except Refused:
            told.append("refused")
        finally:
            connections.close_all()

    at_once = [threading.Thread(target=decide, args=each) for each in zip(officers, ("admit", "decline"), strict=True)]
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()
    assert sorted(told) == ["done", "refused"]
    assert Entry.objects.filter(kind__in=["demands.admitted", "demands.declined"]).count() == 1


# --- the appeal ------------------------------------------------------------------------------------------------------


def test_an_appeal_goes_to_another_officer_of_the_participation_office() -> None:
    unit, author = make.unit(), make.acting()
    first = make.office_officer()
    demand = decline(make.demand(author, unit=unit), first)
    demand = commands.appeal(by=author, demand=demand, words="نوشته‌ام چه می‌خواهم.")
    assert (demand.state, demand.appealed, demand.clock_kind) == ("received", True, "triage")
    assert not policies.may_admit(make.officer(unit), demand)
    assert not policies.may_admit(first, demand)
    other = make.office_officer()
    assert demand in queries.inbox(make.office())
    assert demand not in queries.inbox(unit)
    assert commands.admit(by=other, demand=demand).state == "admitted"


def test_the_unit_against_which_an_appeal_is_does_nothing_with_it() -> None:
    unit = make.unit()
    author, officer, colleague = make.acting(), make.officer(unit), make.mandate(unit)
    demand = make.demand(author, unit=unit)
    demand = commands.decline(by=officer, demand=demand, reason_code="unclear", reason="روشن نیست")
    demand = commands.appeal(by=author, demand=demand, words="روشن است")
    other = make.demand(unit=unit)
    for refused in (
        lambda by: commands.take(by=by, demand=demand),
        lambda by: commands.route(by=by, demand=demand, unit=make.unit(), reason="کار آنجاست"),
        lambda by: commands.merge(by=by, demand=demand, into=other),
        lambda by: commands.ask_back(by=by, demand=demand, text="کجا؟"),
        lambda by: commands.admit(by=by, demand=demand),
        lambda by: commands.hand_over(by=by, demand=demand, to=make.office_officer().mandate),
    ):
        with pytest.raises(Refused, match="دبیرخانهٔ مشارکت تصمیم می‌گیرد"):
            refused(officer)
    commands.note(by=officer, demand=demand, text="از ما پرسیده نشد")
    office = make.office_officer()
    with pytest.raises(Refused, match="این مطالبه را در بر نمی‌گیرد"):
        commands.hand_over(by=office, demand=demand, to=colleague)
    commands.admit(by=office, demand=demand)
    commands.take(by=officer, demand=demand)


def test_an_appeal_that_is_late_goes_to_the_office_and_on_from_there_never_to_the_unit_it_is_against() -> None:
    top = make.unit()
    office = make.unit(code="office", is_participation_office=True, parent=top)
    unit = make.unit()
    for against, way in ((unit, [office, top, None]), (top, [office, None])):
        author = make.acting()
        demand = make.demand(author, unit=against)
        demand = commands.decline(by=make.officer(against), demand=demand, reason_code="unclear", reason="روشن نیست")
        demand = commands.appeal(by=author, demand=demand, words="روشن است")
        for step in way:
            assert queries.unit_above(demand) == step
            demand.escalated_to = step


def test_there_is_one_appeal_and_no_second() -> None:
    author = make.acting()
    demand = decline(make.demand(author), make.office_officer())
    demand = commands.appeal(by=author, demand=demand, words="دوباره ببینید")
    demand = decline(demand, make.office_officer())
    with pytest.raises(Refused):
        commands.appeal(by=author, demand=demand, words="باز هم")


def test_an_appeal_comes_in_time_or_not_at_all() -> None:
    author = make.acting()
    demand = decline(make.demand(author), make.office_officer())
    with make.days_later(30):
        assert policies.may_appeal(author, demand)
        assert demand in queries.to_do(author.person)
    with make.days_later(31):
        assert not policies.may_appeal(author, demand)
        assert demand not in queries.to_do(author.person)


# --- routing ---------------------------------------------------------------------------------------------------------


def test_the_more_specific_field_wins_then_the_smaller_place() -> None:
    city, office = make.city(), make.office()
    culture = make.field("فرهنگی")
    library = make.field("کتابخانه", parent=culture)
    district = make.place("منطقهٔ ۱", level="district")
    quarter = make.place("محلهٔ درب عطا", within=district)
    elsewhere = make.place("محلهٔ دیگر")

    def route(field: object, place: object, name: str) -> object:
        unit = make.unit(name)
        commands.set_route(by=FOUNDERS, field=field, place=place, unit=unit)
        return unit

    assert queries.unit_for(library, quarter) == office
    culture_city = route(culture, city, "فرهنگی شهر")
    assert queries.unit_for(library, quarter) == culture_city
    culture_district = route(culture, district, "فرهنگی منطقه")
    assert queries.unit_for(library, quarter) == culture_district
    assert queries.unit_for(library, elsewhere) == culture_city
    library_city = route(library, city, "کتابخانه‌ها")
    assert queries.unit_for(library, quarter) == library_city
    assert queries.unit_for(culture, quarter) == culture_district
    commands.set_route(by=FOUNDERS, field=library, place=city, unit=None)
    assert queries.unit_for(library, quarter) == culture_district


def test_routing_follows_a_unit_that_was_merged() -> None:
    old, new = make.unit("سازمان فرهنگی"), make.unit("معاونت اجتماعی و فرهنگی")
    demand = make.demand(unit=old)
    officer = make.officer(new)
    assert not policies.may_admit(officer, demand)
    organisations.merge(by=FOUNDERS, organisation=old, into=new, reason="ساختار تازه")
    assert queries.unit_for(demand.field, demand.place) == new
    assert policies.may_admit(officer, fresh(demand)), "the heir need not wait for the follower"
    catch_up()
    assert fresh(demand).unit == new
    assert demand in queries.inbox(new)
    catch_up()
    assert Entry.objects.filter(kind="demands.routed").count() == 1


def test_sending_on_needs_a_reason_and_wins_no_time() -> None:
    demand, by = make.demand(), make.office_officer()
    unit = make.unit()
    with pytest.raises(Invalid):
        commands.route(by=by, demand=demand, unit=unit, reason="")
    with pytest.raises(Invalid):
        commands.route(by=by, demand=demand, unit=make.organisation(), reason="کار آن‌هاست")
    with pytest.raises(Invalid):
        commands.route(by=by, demand=demand, unit=demand.unit, reason="همین‌جا")
    with make.days_later(2):
        sent = commands.route(by=by, demand=demand, unit=unit, reason="کار آن اداره است")
    assert (sent.unit, sent.deadline) == (unit, demand.deadline)


# --- merging ---------------------------------------------------------------------------------------------------------


def supporters(demand: Demand) -> set[int]:
    return set(demand.supports.values_list("person_id", flat=True))


def test_merged_demands_have_their_supporters_together_each_once() -> None:
    author, other_author = make.acting(), make.acting()
    one, both, other = make.acting(), make.acting(), make.acting()
    demand, into = make.demand(author), make.demand(other_author)
    for who, which in ((one, demand), (both, demand), (both, into), (other, into), (other_author, demand)):
        commands.support(by=who, demand=which)
    merged = commands.merge(by=make.office_officer(), demand=demand, into=into, reason="همان چراغ است")
    into = fresh(into)
    assert (merged.state, merged.merged_into, merged.deadline) == ("merged", into, None)
    assert supporters(into) == {each.person.pk for each in (one, both, other, author)}
    assert into.support_count == 4
    assert queries.detail(into, author.person, words=True, private=False, concerned=False).follows
    assert merged not in queries.listing(queries.Wanted(states=Demand.OPEN))


def test_a_merge_undone_leaves_both_as_they_were() -> None:
    author, one, both = make.acting(), make.acting(), make.acting()
    demand, into, by = make.demand(author), make.demand(), make.office_officer()
    for who, which in ((one, demand), (both, demand), (both, into)):
        commands.support(by=who, demand=which)
    commands.admit(by=by, demand=demand)
    before = [(supporters(each), fresh(each).support_count, fresh(each).follow_count) for each in (demand, into)]
    commands.merge(by=by, demand=demand, into=into)
    undone = commands.unmerge(by=by, demand=demand, reason="دو کوچهٔ جداست")
    assert (undone.state, undone.merged_into) == ("admitted", None)
    assert [
        (supporters(each), fresh(each).support_count, fresh(each).follow_count) for each in (demand, into)
    ] == before
    again = commands.merge(by=by, demand=undone, into=into)
    assert again.state == "merged"


@pytest.mark.parametrize("state", ["received", "admitted"])
def test_a_merge_undone_gives_back_the_days_that_were_left(state: str) -> None:
    by = make.office_officer()
    demand, into = make.demand(), make.demand()
    if state == "admitted":
        demand = commands.admit(by=by, demand=demand)
    assert demand.deadline is not None
    with make.days_later(1):
        commands.merge(by=by, demand=demand, into=into)
        with make.days_later(10):
            undone = commands.unmerge(by=by, demand=demand, reason="دو کار جداست")
    assert undone.deadline is not None
    assert (undone.state, (undone.deadline - demand.deadline).days) == (state, 10)


def test_support_that_came_after_the_merge_stays_where_it_was_given() -> None:
    demand, into, by, late = make.demand(), make.demand(), make.office_officer(), make.acting()
    commands.merge(by=by, demand=demand, into=into)
    commands.support(by=late, demand=into)
    commands.unmerge(by=by, demand=demand, reason="دو کار جداست")
    assert supporters(into) == {late.person.pk}
    assert fresh(into).support_count == 1


def test_whoever_supports_of_their_own_accord_goes_on_hearing_when_the_merge_is_undone() -> None:
    demand, into, by, who = make.demand(), make.demand(), make.office_officer(), make.acting()
    commands.follow(by=who, demand=demand)
    commands.merge(by=by, demand=demand, into=into)
    commands.support(by=who, demand=into)
    commands.unmerge(by=by, demand=demand, reason="دو کار جداست")
    assert set(into.follows.values_list("person", flat=True)) == {who.person.pk}


def test_merges_are_undone_from_the_last_one_back() -> None:
    by, author = make.office_officer(), make.acting()
    first, second, third = make.demand(author), make.demand(), make.demand()
    commands.merge(by=by, demand=first, into=second)
    commands.merge(by=by, demand=second, into=third)
    assert author.person.pk in supporters(third)
    with pytest.raises(Refused):
        commands.unmerge(by=by, demand=first, reason="یکی نیست")
    commands.unmerge(by=by, demand=second, reason="یکی نیست")
    commands.unmerge(by=by, demand=first, reason="یکی نیست")
    assert [fresh(each).support_count for each in (first, second, third)] == [0, 0, 0]


def test_a_demand_merges_neither_into_itself_nor_into_an_ended_one() -> None:
    by = make.office_officer()
    demand, ended = make.demand(), decline(make.demand(), by)
    for into in (demand, ended):
        with pytest.raises(Refused):
            commands.merge(by=by, demand=demand, into=into)


def test_an_organisations_demand_brings_no_voice_of_its_own_when_merged() -> None:
    carried, into = make.demand(make.head_of(make.organisation())), make.demand()
    commands.merge(by=make.office_officer(), demand=carried, into=into)
    assert fresh(into).support_count == 0


@pytest.mark.django_db(transaction=True)
def test_two_merges_crosswise_do_not_lock_each_other_up() -> None:
    by = [make.office_officer(), make.office_officer()]
    demands = [make.demand(), make.demand()]
    ready, told = threading.Barrier(2), []

    def merge(n: int) -> None:
        try:
            ready.wait()
            commands.merge(by=by[n], demand=demands[n], into=demands[1 - n])
            told.append("done")
        except Refused:
            told.append("refused")
        finally:
            connections.close_all()

    at_once = [threading.Thread(target=merge, args=(n,)) for n in range(2)]
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()
    assert sorted(told) == ["done", "refused"]
