"""The participation office's pages: for the office alone, with its second factor; each decision and what stops it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hamgara import charter, clock
from hamgara.domain.organisations import queries
from hamgara.domain.organisations.models import Capability, Organisation, Place
from tests import factories as make
from tests.web.readers import boxes, citizen, day, head, office, once, reader, said, unit_officer, wrong_fields

pytestmark = pytest.mark.django_db
LONGEST = charter.period("organisations.accreditation_at_most").days
State = Organisation.State


def every_page() -> list[str]:
    body, unit, place = make.organisation(), make.unit(), make.place()
    kinds = ("rename", "move", "merge", "close")
    return [
        "",
        "applications/",
        "headless/",
        "register/",
        "register.csv",
        f"organisations/{body.code}/",
        "capabilities/",
        "units/",
        "units/new/",
        *(f"bodies/{unit.code}/{kind}/" for kind in kinds),
        "places/",
        "places/new/",
        f"places/{place.code}/",
    ]


def test_the_office_alone_opens_its_pages_and_only_with_its_second_factor() -> None:
    pages = every_page()
    who = {
        "nobody": (reader(), 302),
        "citizen": (citizen(), 403),
        "head of an organisation": (head(make.organisation()), 403),
        "officer of another unit": (unit_officer(), 403),
        "office without second factor": (reader(make.office_officer().person), 302),
        "office": (office(), 200),
    }
    for name, (browser, status) in who.items():
        for page in pages:
            assert browser.get(f"/office/{page}").status_code == status, (name, page)


def test_nobody_else_writes_there() -> None:
    body = make.organisation(accredited=False)
    sent = {"decision": "accredit", "registration_number": "1", "authority": "x"} | day("until", 100)
    for browser in (reader(), citizen(), head(body), unit_officer(), reader(make.office_officer().person)):
        browser.post(f"/office/organisations/{body.code}/", sent)
    body.refresh_from_db()
    assert body.state == State.APPLIED


def test_a_mandate_of_the_office_that_has_ended_opens_nothing() -> None:
    browser = office()
    with make.days_later(400):
        assert browser.get("/office/").status_code == 403


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_office_sees_who_waits(language: str) -> None:
    make.organisation("انجمن تازه", accredited=False)
    for page in ("", "applications/", "register/"):
        assert "انجمن تازه" in said(office(language=language).get(f"/office/{page}"))


@pytest.mark.parametrize("page", ["", "headless/"])
def test_the_office_sees_whom_nobody_leads_and_the_way_to_name_a_head(page: str) -> None:
    led, orphan, gone = (make.organisation(name) for name in ("انجمن رهبردار", "انجمن بی‌سر", "انجمن بسته"))
    for body in (orphan, gone):
        body.mandates.update(until=clock.today() - timedelta(days=1))
    Organisation.objects.filter(pk=gone.pk).update(state=State.CLOSED)
    make.mandate(orphan, role="representative")
    unit = make.unit("واحدی بی‌سر")
    make.officer(unit)
    shown = office().get(f"/office/{page}").content.decode()
    assert f'href="/organisations/{orphan.code}/mandates/"' in shown
    assert f'href="/organisations/{unit.code}/mandates/"' in shown, "officers alone lead nothing"
    assert led.name not in shown
    assert gone.name not in shown
    make.mandate(orphan, role="head")
    assert orphan.name not in office().get(f"/office/{page}").content.decode()


# --- accreditation ----------------------------------------------------------------------------------------------------


def decide(body: Organisation, decision: str, **more: Any) -> Any:
    return office().post(f"/office/organisations/{body.code}/", {"decision": decision, "once": once()} | more)


def accreditation(**more: Any) -> dict[str, Any]:
    return {"registration_number": "۱۲۳4", "authority": "استانداری"} | day("until", 365) | more


def test_an_organisation_is_accredited_and_then_public() -> None:
    body = make.organisation(accredited=False)
    assert decide(body, "accredit", **accreditation()).status_code == 302
    body.refresh_from_db()
    assert (body.state, body.registration_number) == (State.ACCREDITED, "1234")
    assert body.accredited_until == clock.today() + timedelta(days=365)
    assert reader().get(f"/organisations/{body.code}/").status_code == 200


def test_a_community_group_without_a_licence_is_accredited_and_its_page_says_so() -> None:
    body = make.organisation(kind="community_group", accredited=False)
    said_of_it = "registered with the participation office alone"
    assert said_of_it in said(office().get(f"/office/organisations/{body.code}/"))
    assert decide(body, "accredit", **accreditation(registration_number="", authority="")).status_code == 302
    body.refresh_from_db()
    page = said(reader().get(f"/organisations/{body.code}/"))
    assert page.count(said_of_it) == 2, "beside its number, and in its history"
    assert body.registration_number in page
    assert said_of_it not in said(reader().get(f"/organisations/{make.organisation().code}/"))
    form = office().get(f"/office/organisations/{body.code}/").content.decode()
    assert f'value="{body.registration_number}"' not in form, "to renew it, both stay empty"


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("registration_number", {"registration_number": ""}),
        ("registration_number", {"registration_number": "1" * 41}),
        ("authority", {"authority": " "}),
        ("authority", {"authority": "م" * 121}),
        ("authority", {"authority": "استانداری\u0007"}),
        ("until", day("until", 0)),
        ("until", day("until", -1)),
        ("until", day("until", LONGEST + 1)),
        ("until", boxes("until", 31, 2, 2027)),
        ("until", boxes("until", "", "", "")),
    ],
)
def test_a_bad_accreditation_is_told_beside_the_field(field: str, sent: dict[str, str]) -> None:
    body = make.organisation(accredited=False)
    page = decide(body, "accredit", **accreditation(**sent))
    assert page.status_code == 422
    assert wrong_fields(page) == {field}
    body.refresh_from_db()
    assert body.state == State.APPLIED


@pytest.mark.parametrize(("decision", "accredited"), [("refuse", False), ("withdraw", True)])
def test_a_reason_is_needed_and_public(decision: str, accredited: bool) -> None:
    body = make.organisation(accredited=accredited)
    for reason in ("", "  ", "د" * 1001, "دلیل\u0007"):
        page = decide(body, decision, reason=reason)
        assert page.status_code == 422
        assert wrong_fields(page) == {"reason"}
    assert decide(body, decision, reason="پروانه باطل است").status_code == 302
    assert "پروانه باطل است" in said(reader().get(f"/organisations/{body.code}/"))


def test_the_second_of_two_officers_is_told_what_happened() -> None:
    body = make.organisation(accredited=False)
    assert decide(body, "refuse", reason="ناقص").status_code == 302
    answer = decide(body, "refuse", reason="ناقص")
    assert answer.status_code == 409
    assert "«not accredited»; somebody may have decided before you" in said(answer)


def test_a_decision_sent_twice_is_made_once() -> None:
    body, browser = make.organisation(accredited=False), office()
    sent = {"decision": "accredit", "once": once()} | accreditation()
    for _time in range(2):
        answer = browser.post(f"/office/organisations/{body.code}/", sent, follow=True)
    assert "it was not done twice" in said(answer)


def test_what_the_office_cannot_decide_is_no_request() -> None:
    body = make.organisation()
    assert decide(body, "promote").status_code == 400
    assert office().post(f"/office/organisations/{body.code}/", {}).status_code == 400
    assert office().get("/office/organisations/nobody/").status_code == 404
    assert office().get(f"/office/organisations/{make.unit().code}/").status_code == 404, "a unit needs none"


# --- units ------------------------------------------------------------------------------------------------------------


def change(unit: Organisation, verb: str, **sent: str) -> Any:
    return office().post(f"/office/bodies/{unit.code}/{verb}/", {"once": once()} | sent)


def test_a_unit_is_entered_below_another_and_leads_on_to_its_mandates() -> None:
    parent = make.unit()
    sent = {"name": "ادارهٔ پارک‌ها", "name_en": "Parks", "parent": parent.code}
    answer = office().post("/office/units/new/", sent)
    assert answer.headers["Location"] == "/organisations/parks/mandates/"
    assert Organisation.objects.get(code="parks").is_within(parent)


@pytest.mark.parametrize(
    ("field", "sent"),
    [("name", {"name": ""}), ("name", {"name": "ن" * 161}), ("parent", {"parent": "mars"}), ("seat", {"seat": "mars"})],
)
def test_a_bad_unit_is_told_beside_the_field(field: str, sent: dict[str, str]) -> None:
    page = office().post("/office/units/new/", {"name": "ادارهٔ پارک‌ها"} | sent)
    assert page.status_code == 422
    assert wrong_fields(page) == {field}
    assert not Organisation.objects.filter(name="ادارهٔ پارک‌ها").exists()


def test_a_unit_is_renamed_and_its_old_name_stays_in_view() -> None:
    unit = make.unit("نام کهنه")
    assert change(unit, "rename", name="نام نو").status_code == 302
    page = said(reader().get(f"/organisations/{unit.code}/"))
    assert "From «نام کهنه» to «نام نو»" in page


def test_a_name_that_another_unit_has_is_told_beside_the_name() -> None:
    taken, unit = make.unit(), make.unit()
    page = change(unit, "rename", name=taken.name)
    assert page.status_code == 422
    assert wrong_fields(page) == {"name"}


def test_a_unit_moves_with_all_below_it_but_never_below_itself() -> None:
    old, new = make.unit(), make.unit()
    unit = make.unit(parent=old)
    child = make.unit(parent=unit)
    for below in (unit, child):
        page = change(unit, "move", parent=below.code)
        assert (page.status_code, wrong_fields(page)) == (422, {"parent"})
    assert change(unit, "move", parent=new.code).status_code == 302
    assert Organisation.objects.get(pk=child.pk).is_within(new)
    assert change(unit, "move", parent="").status_code == 302, "to the top"
    assert Organisation.objects.get(pk=unit.pk).parent is None


def test_a_unit_ends_only_with_a_reason_and_somebody_who_takes_over() -> None:
    unit, heir = make.unit(), make.unit()
    for verb, other in (("close", "successor"), ("merge", "into")):
        page = change(unit, verb, **{other: "", "reason": ""})
        assert (page.status_code, wrong_fields(page)) == (422, {other, "reason"})
        page = change(unit, verb, **{other: make.organisation().code, "reason": "x"})
        assert (page.status_code, wrong_fields(page)) == (422, {other}), "an organisation takes over no unit"
    assert change(unit, "close", successor=heir.code, reason="بازسازی").status_code == 302
    unit.refresh_from_db()
    assert (unit.state, unit.successor) == (State.CLOSED, heir)
    for verb in ("rename", "move", "merge", "close"):
        answer = change(unit, verb)
        assert answer.status_code == 409
        assert "This unit no longer exists" in said(answer)


def test_the_office_itself_is_never_closed() -> None:
    heir = make.unit()
    page = change(make.office(), "close", successor=heir.code, reason="x")
    assert page.status_code == 422
    assert "The participation office cannot be closed." in said(page)


# --- places -----------------------------------------------------------------------------------------------------------


def place(**more: Any) -> dict[str, Any]:
    named = {"name": "محلهٔ باغ", "name_en": "Bagh", "level": "neighbourhood", "within": make.city().code}
    return named | {"point_lat": "۳۳٫۹۸", "point_lng": "51.43", "once": once()} | more


def test_a_place_is_added_with_its_point() -> None:
    answer = office().post("/office/places/new/", place())
    assert answer.headers["Location"] == "/places/bagh/"
    added = Place.objects.get(code="bagh")
    assert (added.latitude, added.longitude, added.within) == (33.98, 51.43, queries.city())


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("name", {"name": ""}),
        ("name", {"name": "ن" * 161}),
        ("name_en", {"name_en": "باغ"}),
        ("name_en", {"name_en": ""}),
        ("level", {"level": "city"}),
        ("within", {"within": ""}),
        ("within", {"within": "mars"}),
        ("point", {"point_lat": "51.43", "point_lng": "33.98"}),
        ("point", {"point_lat": "nan", "point_lng": "51"}),
        ("point", {"point_lat": "here", "point_lng": "there"}),
    ],
)
def test_a_bad_place_is_told_beside_the_field(field: str, sent: dict[str, str]) -> None:
    page = office().post("/office/places/new/", place(**sent))
    assert page.status_code == 422
    assert wrong_fields(page) == {field}
    assert Place.objects.count() == 1


def test_a_code_that_is_taken_and_a_level_that_does_not_fit_are_told_beside_their_fields() -> None:
    taken = make.place(code="bagh")
    assert wrong_fields(office().post("/office/places/new/", place())) == {"name_en"}
    page = office().post("/office/places/new/", place(name_en="Other", within=taken.code))
    assert wrong_fields(page) == {"within"}


def test_a_place_is_corrected_and_keeps_the_outline_that_is_not_sent_anew() -> None:
    there = make.place()
    square = {"type": "Polygon", "coordinates": [[[51.4, 33.9], [51.5, 33.9], [51.5, 34.0], [51.4, 33.9]]]}
    file = SimpleUploadedFile("outline.geojson", json.dumps({"type": "Feature", "geometry": square}).encode())
    named = {"name": "نام نو", "name_en": "New name"}
    browser = office()
    assert browser.post(f"/office/places/{there.code}/", named | {"outline": file}).status_code == 302
    assert browser.post(f"/office/places/{there.code}/", named | {"name": "نام نوتر"}).status_code == 302
    there.refresh_from_db()
    assert (there.name, there.outline) == ("نام نوتر", square)


@pytest.mark.parametrize("content", [b"\x89PNG", b"{}", b"[" * 100_000, b'{"type": "Point", "coordinates": [51, 33]}'])
def test_an_outline_that_is_none_is_told_beside_the_field(content: bytes) -> None:
    there = make.place()
    sent = {"name": "نام نو", "outline": SimpleUploadedFile("outline.geojson", content)}
    page = office().post(f"/office/places/{there.code}/", sent)
    assert page.status_code == 422
    assert wrong_fields(page) == {"outline"}
    there.refresh_from_db()
    assert there.name != "نام نو"


# --- kinds of help ----------------------------------------------------------------------------------------------------


def test_a_kind_of_help_is_added_once() -> None:
    sent = {"name": "ترجمه", "unit": "صفحه", "name_en": "Translation", "unit_en": "pages"}
    assert office().post("/office/capabilities/", sent).status_code == 302
    assert Capability.objects.get().code == "translation"
    page = office().post("/office/capabilities/", sent)
    assert (page.status_code, wrong_fields(page)) == (422, {"name_en"})
    page = office().post("/office/capabilities/", {"name": "", "unit": "ی" * 41, "name_en": "ترجمه"})
    assert (page.status_code, wrong_fields(page)) == (422, {"name", "unit", "name_en"})
