"""Making a demand: what is kept, what is refused, and that a form sent twice makes one demand."""

from __future__ import annotations

import io
import threading
import uuid
from typing import Any

import pytest
from django.db import connections

from hamgara import charter
from hamgara.domain.demands import commands, events, policies, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import Invalid, Refused, Replayed
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands as organisations
from tests import factories as make

pytestmark = pytest.mark.django_db


def asked(**changed: Any) -> dict[str, Any]:
    make.office()
    usual = {"kind": "request", "title": "کلاس نقاشی برای کودکان محله"}
    given = usual | changed
    return {"field": given.pop("field", None) or make.field(), "place": make.place(), **given}


def refusal(by: Any = None, **changed: Any) -> dict[str, str]:
    """What the form is told; and nothing is written."""
    given = asked(**changed)
    by = by or make.acting()
    before = Entry.objects.count()
    with pytest.raises(Invalid) as invalid:
        commands.submit(by=by, **given)
    assert Entry.objects.count() == before
    assert not Demand.objects.exists()
    return {name: str(problem) for name, problem in invalid.value.problems.items()}


def test_a_demand_is_received_routed_and_has_a_deadline() -> None:
    unit, field, by = make.unit(), make.field(), make.acting()
    with make.standing(2026, 11, 23):
        demand = make.demand(by, field=field, unit=unit, title="چراغ  کوچهٔ\nباغ   شاه خاموش است")
    assert demand.title == "چراغ کوچهٔ باغ شاه خاموش است"
    assert (demand.state, demand.unit, demand.author) == ("received", unit, by.person)
    assert demand.clock_kind == "triage"
    assert demand.deadline is not None
    assert demand.deadline.isoformat() == "2026-11-28"
    assert not demand.show_name
    assert [entry.kind for entry in Entry.objects.filter(subjects__contains=[demand.subject])] == ["demands.submitted"]


def test_an_organisation_carries_a_demand_for_people_who_cannot() -> None:
    body = make.organisation()
    by = make.head_of(body)
    demand = make.demand(by)
    assert (demand.on_behalf, demand.author, demand.mandate_key) == (body, by.person, by.mandate.key)
    assert f"organisation:{body.code}" in Entry.objects.get(kind="demands.submitted").subjects


def test_an_organisation_without_accreditation_carries_none() -> None:
    by = make.head_of(make.organisation(accredited=False))
    with pytest.raises(Refused):
        make.demand(by)
    accredited = make.head_of(make.organisation())
    with make.days_later(364):
        assert policies.may_submit(accredited)
    with make.days_later(366):
        assert not policies.may_submit(accredited)


def test_a_reviewers_mandate_carries_no_demand() -> None:
    body = make.organisation()
    assert not policies.may_submit(make.under(make.mandate(body, role="reviewer")))
    assert policies.may_submit(make.under(make.mandate(body, role="representative")))


def test_an_ended_mandate_carries_no_demand() -> None:
    body = make.organisation()
    held = make.mandate(body, role="representative")
    organisations.end_mandate(by=FOUNDERS, mandate=held)
    held.refresh_from_db()
    with pytest.raises(Refused):
        make.demand(make.under(held))


def test_photos_are_kept_under_a_name_that_tells_nothing(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    files = commands.made_safe([make.photo(), make.photo(colour="red")])
    demand = make.demand(files=files)
    [first, second] = demand.attachments.all()
    assert demand.attachment_count == 2
    assert (first.kind, first.width, first.height) == ("image", 64, 48)
    assert first.file.name.startswith("demands/")
    assert first.file.name != second.file.name
    with first.file.open() as kept:
        assert kept.read() == files[0].content
    assert Entry.objects.get(kind="demands.submitted").data["files"] == [files[0].sha256, files[1].sha256]


def test_a_refused_demand_leaves_no_file_behind(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    refusal(title="", files=commands.made_safe([make.photo()]))
    assert not list(tmp_path.rglob("*.*"))


# --- bad input -------------------------------------------------------------------------------------------------------


def test_a_title_is_needed_and_must_say_something() -> None:
    assert refusal(title="  \n ").keys() == {"title"}
    assert refusal(title="چراغ").keys() == {"title"}


def test_text_over_the_charters_length_is_refused_with_both_numbers() -> None:
    told = refusal(title="م" * 121, text="م" * 4001, address="م" * 301)
    assert told.keys() == {"title", "text", "address"}
    assert "۱۲۱" in told["title"]
    assert "۱۲۰" in told["title"]


def test_a_length_is_counted_after_cleaning_not_before() -> None:
    title = "م" * 120
    assert make.demand(title=f"  \u200f{title}\u200c\ufeff ").title == title


def test_control_characters_and_overrides_are_not_stored() -> None:
    demand = make.demand(title="چراغ\x00 کوچه\x07 خاموش\u202e است", text="یک\x00\r\nدو\x1b", address="کوچه\x00 ۳")
    assert (demand.title, demand.text, demand.address) == ("چراغ کوچه خاموش است", "یک\nدو", "کوچه ۳")


def test_an_unknown_kind_is_refused() -> None:
    assert refusal(kind="order").keys() == {"kind"}


def test_what_is_not_the_municipalitys_task_is_referred_to_whose_it_is() -> None:
    field = make.field("قطعی برق", referral="با شمارهٔ ۱۲۱ شرکت توزیع برق تماس بگیرید.")
    told = refusal(field=field)
    assert "۱۲۱" in told["field"]


@pytest.mark.parametrize(
    "point",
    [(51.42769, 33.98237), (35.6892, 51.3890), (0.0, 0.0), (91.0, 51.0), (float("nan"), 51.0), (33.9, float("inf"))],
    ids=["swapped", "Tehran", "nowhere", "off the earth", "nan", "infinite"],
)
def test_a_point_out_of_the_citys_reach_is_refused(point: tuple[float, float]) -> None:
    assert refusal(point=point).keys() == {"point"}


def test_a_point_in_the_city_is_kept() -> None:
    demand = make.demand(point=(33.99, 51.44))
    assert (demand.latitude, demand.longitude) == (33.99, 51.44)


def test_too_many_files_are_refused_before_any_is_opened() -> None:
    with pytest.raises(Invalid) as invalid:
        commands.made_safe([object()] * 6, name="photos")
    assert invalid.value.problems.keys() == {"photos"}


def test_the_message_says_which_file_is_wrong() -> None:
    with pytest.raises(Invalid) as invalid:
        commands.made_safe([make.photo(), io.BytesIO(b"MZ program")])
    assert "۲" in str(invalid.value.problems["files"])


def test_a_person_makes_so_many_demands_a_day_as_the_charter_says() -> None:
    by, field, place = make.acting(), make.field(), make.place()
    most = charter.number("demands.demands_a_day")
    for _n in range(most):
        make.demand(by, field=field, place=place)
    with pytest.raises(Refused):
        make.demand(by, field=field, place=place)
    with make.days_later(1):
        assert make.demand(by, field=field, place=place)


# --- once ------------------------------------------------------------------------------------------------------------


def test_a_form_sent_twice_makes_one_demand_and_leads_to_it() -> None:
    by, given = make.acting(once=uuid.uuid4()), asked()
    first = commands.submit(by=by, **given)
    with pytest.raises(Replayed) as replayed:
        commands.submit(by=by, **(given | {"title": "چیزی دیگر، یا هیچ"}))
    assert replayed.value.entry.data["demand"] == first.code
    assert Demand.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_in_two_processes_makes_one_demand() -> None:
    by, given = make.acting(once=uuid.uuid4()), asked()
    ready, told = threading.Barrier(2), []

    def click() -> None:
        try:
            ready.wait()
            told.append(commands.submit(by=by, **given).code)
        except Replayed as replayed:
            told.append(replayed.entry.data["demand"])
        finally:
            connections.close_all()

    clicks = [threading.Thread(target=click) for _n in range(2)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert len(told) == 2
    assert told[0] == told[1]
    assert Demand.objects.count() == 1


# --- codes and secrets -----------------------------------------------------------------------------------------------


def test_a_demand_is_found_by_its_code_in_any_digits() -> None:
    demand = make.demand()
    code = demand.code
    persian = code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    for typed in (code, demand.shown_code, f" {persian[:4]}-{persian[4:]} ", f"{code[:4]}–{code[4:]}"):
        assert queries.by_code(typed) == demand
    assert queries.by_code(code[:-1] + str((int(code[-1]) + 1) % 10)) is None
    assert queries.by_code("; drop table") is None


def test_no_word_of_a_person_stands_in_the_ledger() -> None:
    secrets = {
        "title": "عنوان‌رازآلود برای شهر",
        "text": "متن‌رازآلود",
        "address": "نشانی‌رازآلود",
        "point": (33.991234, 51.4),
    }
    author = make.acting(make.person("نام‌رازآلود"))
    demand = make.demand(author, **secrets)
    officer = make.office_officer()
    commands.comment(by=make.acting(), demand=demand, text="دیدگاه‌رازآلود")
    commands.decline(by=officer, demand=demand, reason_code="unclear", reason="روشن نیست")
    commands.appeal(by=author, demand=demand, words="اعتراض‌رازآلود")
    commands.admit(by=make.office_officer(), demand=demand)
    commands.refuse(by=officer, demand=demand, reason_code="against_law", reason="منع")
    commands.reopen(by=author, demand=demand, words="بازگشایی‌رازآلود")
    written = b"\n".join(bytes(entry.canonical) for entry in Entry.objects.all()).decode()
    assert "رازآلود" not in written
    assert "33.991234" not in written
    assert str(author.person.key) not in written
    assert "منع" not in written  # an answer may name somebody by mistake
    assert "against_law" in written
    assert "روشن نیست" in written


def test_the_same_words_leave_different_marks_in_two_entries() -> None:
    first, second = make.demand(text="همان"), make.demand(text="همان")
    marks = [
        Entry.objects.get(kind=events.Submitted.KIND, subjects__contains=[each.subject]).data["text"]
        for each in (first, second)
    ]
    assert marks[0] != marks[1]


def test_submitting_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    given, by = asked(), make.acting(once=uuid.uuid4())
    with django_assert_max_num_queries(20):
        commands.submit(by=by, **given)
