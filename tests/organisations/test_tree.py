"""The tree of units changes and keeps its history: paths follow, work goes to successors, and no ring can be made."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from hamgara.domain.ledger import queries as ledger
from hamgara.domain.ledger.commands import Invalid, Refused
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands, events, queries
from hamgara.domain.organisations.models import Mandate, Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db

State = Organisation.State


def now(body: Organisation) -> Organisation:
    return Organisation.objects.get(pk=body.pk)


def tree() -> dict[str, str]:
    """Every body's path, by its code."""
    return dict(Organisation.objects.values_list("code", "path"))


def sound() -> bool:
    """Every path is the parent's path with the body's own code behind it."""
    bodies = Organisation.objects.select_related("parent")
    return all(each.path == f"{each.parent.path if each.parent else '/'}{each.code}/" for each in bodies)


@pytest.fixture
def city_hall() -> dict[str, Organisation]:
    """mayor → (culture → (library → shelf), works)."""
    mayor = make.unit("شهردار", code="mayor")
    culture = make.unit("معاونت فرهنگی", code="culture", parent=mayor)
    works = make.unit("معاونت عمران", code="works", parent=mayor)
    library = make.unit("کتابخانه", code="library", parent=culture)
    shelf = make.unit("قفسه", code="shelf", parent=library)
    return {each.code: each for each in (mayor, culture, works, library, shelf)}


# --- founding --------------------------------------------------------------------------------------------------------


def test_a_unit_is_founded_in_its_place_and_needs_no_accreditation(city_hall: dict[str, Organisation]) -> None:
    assert tree()["shelf"] == "/mayor/culture/library/shelf/"
    assert city_hall["shelf"].state == State.ACCREDITED
    assert city_hall["shelf"].is_within(city_hall["culture"])
    assert not city_hall["culture"].is_within(city_hall["shelf"])
    assert sound()


def test_units_stand_in_the_order_of_their_tree(city_hall: dict[str, Organisation]) -> None:
    assert [unit.code for unit in queries.units()] == ["mayor", "culture", "library", "shelf", "works"]


def test_a_unit_is_founded_below_where_its_parent_is_now(city_hall: dict[str, Organisation]) -> None:
    stale = city_hall["library"]
    commands.move(by=FOUNDERS, organisation=stale, parent=city_hall["works"])
    commands.found(by=FOUNDERS, name="بخش کودک", code="children", parent=stale)
    assert tree()["children"] == "/mayor/works/library/children/"
    assert sound()


def test_nothing_is_founded_below_what_is_gone_or_is_no_unit(city_hall: dict[str, Organisation]) -> None:
    commands.close(by=FOUNDERS, organisation=city_hall["shelf"], successor=city_hall["works"], reason="جابه‌جایی")
    for parent in (city_hall["shelf"], make.organisation()):
        with pytest.raises(Invalid) as invalid:
            commands.found(by=FOUNDERS, name="تازه", code="new", parent=parent)
        assert set(invalid.value.problems) == {"parent"}


def test_there_is_one_participation_office() -> None:
    office = make.office()
    with pytest.raises(Invalid):
        commands.found(by=FOUNDERS, name="دبیرخانهٔ دوم", code="second", is_participation_office=True)
    assert queries.participation_office() == office


# --- moving ----------------------------------------------------------------------------------------------------------


def test_whatever_stands_below_moves_along(city_hall: dict[str, Organisation]) -> None:
    commands.move(by=FOUNDERS, organisation=city_hall["library"], parent=city_hall["works"])
    assert tree()["shelf"] == "/mayor/works/library/shelf/"
    assert now(city_hall["library"]).parent == city_hall["works"]
    assert sound()
    entry = Entry.objects.get(kind=events.Moved.KIND)
    assert entry.data == {"organisation": "library", "old_parent": "culture", "parent": "works"}


def test_a_unit_can_stand_at_the_top_and_come_back(city_hall: dict[str, Organisation]) -> None:
    commands.move(by=FOUNDERS, organisation=city_hall["culture"], parent=None)
    assert tree()["shelf"] == "/culture/library/shelf/"
    commands.move(by=FOUNDERS, organisation=city_hall["culture"], parent=city_hall["mayor"])
    assert tree()["shelf"] == "/mayor/culture/library/shelf/"
    assert sound()


@pytest.mark.parametrize("below", ["culture", "library", "shelf"])
def test_a_unit_never_stands_below_itself(city_hall: dict[str, Organisation], below: str) -> None:
    with pytest.raises(Invalid):
        commands.move(by=FOUNDERS, organisation=city_hall["culture"], parent=city_hall[below])
    assert sound()


def test_not_even_when_the_page_was_opened_before_the_other_move(city_hall: dict[str, Organisation]) -> None:
    works, culture = now(city_hall["works"]), now(city_hall["culture"])
    commands.move(by=FOUNDERS, organisation=culture, parent=works)
    with pytest.raises(Invalid):  # `culture` here still believes that it stands below the mayor
        commands.move(by=FOUNDERS, organisation=works, parent=culture)
    assert sound()


@pytest.mark.django_db(transaction=True)
def test_two_crosswise_moves_at_once_make_no_ring() -> None:
    above = make.unit(code="above")
    left, right = make.unit(code="left", parent=above), make.unit(code="right", parent=above)
    start = threading.Barrier(2, timeout=10)
    outcomes: list[str] = []

    def move(organisation: Organisation, parent: Organisation) -> None:
        start.wait()
        try:
            commands.move(by=FOUNDERS, organisation=organisation, parent=parent)
            outcomes.append("moved")
        except Invalid:
            outcomes.append("invalid")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=move, args=pair) for pair in ((left, right), (right, left))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["invalid", "moved"]
    assert sound()


# --- names -----------------------------------------------------------------------------------------------------------


def test_a_new_name_keeps_the_old_one_in_the_record(city_hall: dict[str, Organisation]) -> None:
    commands.rename(by=FOUNDERS, organisation=city_hall["library"], name="كتابخانهٔ مركزي ")
    assert now(city_hall["library"]).name == "کتابخانهٔ مرکزی"
    entry = ledger.about("organisation:library").get(kind=events.Renamed.KIND)
    assert (entry.data["old_name"], entry.data["name"]) == ("کتابخانه", "کتابخانهٔ مرکزی")


# --- merging and closing ---------------------------------------------------------------------------------------------


def test_what_is_merged_leaves_its_parts_to_the_one_that_took_it(city_hall: dict[str, Organisation]) -> None:
    commands.merge(by=FOUNDERS, organisation=city_hall["culture"], into=city_hall["works"], reason="ساختار تازه")
    gone = now(city_hall["culture"])
    assert (gone.state, gone.successor, gone.is_live) == (State.MERGED, city_hall["works"], False)
    assert tree()["shelf"] == "/mayor/works/library/shelf/"
    assert tree()["culture"] == "/mayor/culture/", "it stays where it stood, for its history"
    assert sound()
    subjects = Entry.objects.get(kind=events.Merged.KIND).subjects
    assert subjects == ["organisation:culture", "organisation:works"]


def test_what_is_closed_leaves_its_parts_to_its_successor(city_hall: dict[str, Organisation]) -> None:
    commands.close(by=FOUNDERS, organisation=city_hall["library"], successor=city_hall["works"], reason="برون‌سپاری")
    assert tree()["shelf"] == "/mayor/works/shelf/"
    assert queries.standing_for(city_hall["library"]) == city_hall["library"], "a page's old row still says it lives"
    assert queries.standing_for(now(city_hall["library"])) == city_hall["works"]
    assert sound()


def test_the_parts_of_an_organisation_without_successor_stand_below_its_parent() -> None:
    above, middle, below = (make.organisation(code=code) for code in ("above", "middle", "below"))
    commands.move(by=FOUNDERS, organisation=middle, parent=above)
    commands.move(by=FOUNDERS, organisation=below, parent=middle)
    commands.close(by=FOUNDERS, organisation=middle, successor=None, reason="پایان کار")
    assert tree()["below"] == "/above/below/"
    assert sound()


def test_work_goes_to_whoever_stands_there_in_the_end(city_hall: dict[str, Organisation]) -> None:
    commands.merge(by=FOUNDERS, organisation=city_hall["shelf"], into=city_hall["library"], reason="۱")
    commands.close(by=FOUNDERS, organisation=city_hall["library"], successor=city_hall["culture"], reason="۲")
    commands.merge(by=FOUNDERS, organisation=city_hall["culture"], into=city_hall["works"], reason="۳")
    assert queries.standing_for(now(city_hall["shelf"])) == city_hall["works"]
    assert queries.standing_for(city_hall["works"]) == city_hall["works"]


def test_an_end_without_successor_is_its_own_standing() -> None:
    body = make.organisation()
    commands.close(by=FOUNDERS, organisation=body, successor=None, reason="پایان کار")
    assert queries.standing_for(now(body)) == body


def test_nobody_acts_for_what_is_gone(city_hall: dict[str, Organisation]) -> None:
    officer = make.officer(city_hall["shelf"])
    commands.close(by=FOUNDERS, organisation=city_hall["shelf"], successor=city_hall["works"], reason="جابه‌جایی")
    mandate = Mandate.objects.get(pk=officer.mandate.pk)  # type: ignore[union-attr]
    assert (mandate.is_live, mandate.end_reason) == (False, "closed")
    assert mandate.ended_at is not None
    assert not queries.mandates_of(officer.person).exists()
    with pytest.raises(Refused):
        commands.describe(by=make.under(mandate), organisation=now(city_hall["shelf"]), about="هنوز هستیم")


def test_what_is_gone_is_gone(city_hall: dict[str, Organisation]) -> None:
    commands.close(by=FOUNDERS, organisation=city_hall["shelf"], successor=city_hall["works"], reason="جابه‌جایی")
    again = {"organisation": city_hall["shelf"]}
    for command, more in (
        (commands.rename, {"name": "x"}),
        (commands.move, {"parent": None}),
        (commands.merge, {"into": city_hall["works"], "reason": "x"}),
        (commands.close, {"successor": city_hall["works"], "reason": "x"}),
    ):
        with pytest.raises(Refused):
            command(by=make.office_officer(), **again, **more)


WRONG_SUCCESSORS = {
    "itself": lambda hall: hall["culture"],
    "below it": lambda hall: hall["shelf"],
    "no unit": lambda hall: make.organisation(),
    "gone": lambda hall: gone(),
}


def gone() -> Organisation:
    unit = make.unit()
    commands.close(by=FOUNDERS, organisation=unit, successor=make.unit(), reason="x")
    return unit


@pytest.mark.parametrize("wrong", WRONG_SUCCESSORS.values(), ids=WRONG_SUCCESSORS.keys())
def test_who_cannot_take_over(city_hall: dict[str, Organisation], wrong: object) -> None:
    other = wrong(city_hall)  # type: ignore[operator]
    for command, field in ((commands.merge, "into"), (commands.close, "successor")):
        with pytest.raises(Invalid) as invalid:
            command(by=FOUNDERS, organisation=city_hall["culture"], reason="x", **{field: other})
        assert set(invalid.value.problems) == {field}
    assert now(city_hall["culture"]).is_live


def test_a_unit_does_not_end_without_anybody_to_take_over() -> None:
    with pytest.raises(Invalid):
        commands.close(by=FOUNDERS, organisation=make.unit(), successor=None, reason="x")


def test_the_participation_office_does_not_end(city_hall: dict[str, Organisation]) -> None:
    office = make.office()
    with pytest.raises(Invalid):
        commands.merge(by=FOUNDERS, organisation=office, into=city_hall["mayor"], reason="x")
    with pytest.raises(Invalid):
        commands.close(by=FOUNDERS, organisation=office, successor=city_hall["mayor"], reason="x")


def test_an_end_has_a_public_reason(city_hall: dict[str, Organisation]) -> None:
    for reason in ("", "  \u200c "):
        with pytest.raises(Invalid) as invalid:
            commands.merge(by=FOUNDERS, organisation=city_hall["shelf"], into=city_hall["works"], reason=reason)
        assert set(invalid.value.problems) == {"reason"}


def test_an_applicant_is_not_merged() -> None:
    with pytest.raises(Refused):
        commands.merge(
            by=FOUNDERS, organisation=make.organisation(accredited=False), into=make.organisation(), reason="x"
        )
