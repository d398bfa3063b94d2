"""The pages of demands and the officers' inbox: what people send wrong, twice, late or at once, and what they read."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hamgara import charter, clock
from hamgara.domain.demands import commands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import Place
from tests import factories as make
from tests.commitments import promises
from tests.web.readers import citizen, once, reader, said, wrong_fields
from tests.web.sending import few_queries

pytestmark = pytest.mark.django_db
State = Demand.State


def page(demand: Demand) -> str:
    return f"/demands/{demand.code}/"


def asked(**more: Any) -> dict[str, Any]:
    """A whole form of a demand, with what the test changes."""
    make.office()
    return {
        "field": make.field().code,
        "place": make.place().code,
        "kind": "request",
        "title": "روشنایی کوچهٔ پشت مدرسه",
        "once": once(),
    } | more


def send(form: dict[str, Any], **more: Any) -> Any:
    return citizen(**more).post("/demands/new/", form)


# --- asking ----------------------------------------------------------------------------------------------------------


def test_a_demand_is_made_and_its_page_opens() -> None:
    answer = send(asked())
    demand = Demand.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, page(demand))
    assert "روشنایی کوچهٔ پشت مدرسه" in said(reader().get(page(demand)))


def test_like_demands_are_shown_first_and_it_is_new_goes_on() -> None:
    form = asked()
    send(form)
    again = form | {"title": "روشنايي كوچه پشت مدرسه", "once": once()}
    answer = send(again)
    assert (answer.status_code, Demand.objects.count()) == (200, 1)
    assert page(Demand.objects.get()) in answer.content.decode()
    assert send(again | {"is_new": Demand.objects.get().code}).status_code == 302
    assert Demand.objects.count() == 2


def test_it_is_new_holds_for_those_that_were_looked_at_and_not_for_another() -> None:
    form = asked()
    send(form)
    seen = Demand.objects.get().code
    assert send(form | {"is_new": seen, "once": once()}).status_code == 302
    answer = send(form | {"is_new": seen, "once": once()})
    assert (answer.status_code, Demand.objects.count()) == (200, 2)


def test_the_fragment_beside_the_title_asks_and_remembers_the_answer() -> None:
    form = asked()
    send(form)
    code = Demand.objects.get().code
    near = {name: form[name] for name in ("title", "place", "field")}
    fragment = citizen().get("/demands/near/", near).content.decode()
    assert f'name="is_new" id="id_is_new" value="{code}">' in fragment
    assert f'formaction="/demands/{code}/support/"' in fragment
    assert f'value="{code}" checked>' in citizen().get("/demands/near/", near | {"is_new": code}).content.decode()


@pytest.mark.parametrize("latitude", ["", "x", "33.98", "۳۳٫۹۸", "999"])
def test_a_point_that_is_half_typed_is_no_trouble_to_the_fragment(latitude: str) -> None:
    send(asked())
    answer = citizen().get("/demands/near/", {"title": "روشنایی کوچه", "point_lat": latitude, "point_lng": "51.4"})
    assert answer.status_code == 200


def test_a_mistake_elsewhere_on_the_form_does_not_bring_the_question_back() -> None:
    form = asked()
    send(form)
    code = Demand.objects.get().code
    wrong = send(form | {"is_new": code, "once": once(), "kind": "bribe"})
    assert f'<input type="hidden" name="is_new" value="{code}">' in wrong.content.decode()


def test_photos_that_a_browser_will_not_send_twice_are_asked_for_again_beside_their_field() -> None:
    form = asked()
    send(form)
    photo = SimpleUploadedFile("a.jpg", make.photo().read(), "image/jpeg")
    words = said(send(form | {"once": once(), "files": [photo]}))
    assert words.index("Your photos were not kept") < words.index("Photos and papers")
    assert "Your photos were not kept" not in said(send(form | {"once": once()}))


def test_a_double_click_makes_one_demand_and_leads_to_it() -> None:
    browser, form = citizen(), asked()
    first, second = (browser.post("/demands/new/", form | {"is_new": "on"}) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"] == page(Demand.objects.get())


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title", ""),
        ("title", "نه"),
        ("title", "آ" * 5000),
        ("title", "\x00\x07\u202e"),
        ("text", "آ" * 100_000),
        ("kind", "bribe"),
        ("field", "no-such-field"),
        ("place", ""),
    ],
)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_written(field: str, typed: str, language: str) -> None:
    form = asked(**{field: typed})
    answer = send(form, language=language)
    assert (answer.status_code, wrong_fields(answer)) == (422, {field})
    assert not Demand.objects.exists()
    assert not Entry.objects.filter(kind="demands.submitted").exists()
    if field != "title" and language == "fa":
        assert form["title"] in answer.content.decode(), "what was typed is not lost"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.jpg", b"MZ\x90\x00 a program"),
        ("photo.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("paper.pdf", b"%PDF-1.7 and no more"),
        ("empty.jpg", b""),
        ("page.jpg", b"<html>"),
    ],
)
def test_a_disguised_file_is_refused_and_nothing_is_written(name: str, content: bytes) -> None:
    form = asked()
    answer = send(form | {"files": SimpleUploadedFile(name, content, "image/jpeg")})
    assert (answer.status_code, wrong_fields(answer)) == (422, {"files"})
    assert not Demand.objects.exists()
    assert not Entry.objects.filter(kind="demands.submitted").exists()


def test_more_photos_than_the_charter_allows_are_refused() -> None:
    most = charter.number("attachments.most_files")

    def photos(count: int) -> list[SimpleUploadedFile]:
        return [SimpleUploadedFile(f"{n}.jpg", make.photo().read(), "image/jpeg") for n in range(count)]

    answer = send(asked(files=photos(most + 1)))
    assert (answer.status_code, Demand.objects.count()) == (422, 0)
    assert send(asked(files=photos(1))).status_code == 302
    assert Demand.objects.get().attachment_count == 1


def test_digits_of_every_hand_find_a_demand_by_its_code() -> None:
    demand = make.demand()
    for zero in ("۰", "٠", "0"):
        typed = "".join(chr(ord(zero) + int(each)) if each.isdigit() else each for each in demand.code)
        assert reader().get("/demands/track/", {"code": f" {typed} "}).headers["Location"] == page(demand)
    lost = reader().get("/demands/track/", {"code": "nothing"})
    assert (lost.status_code, "nothing" in lost.content.decode()) == (404, True)


def test_whoever_has_not_signed_in_is_led_to_it_and_back() -> None:
    answer = reader().get("/demands/new/")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("?next=/demands/new/")


def test_a_mandate_of_somebody_else_is_not_there_and_one_that_ended_is_refused() -> None:
    head = make.head_of(make.organisation())
    form = asked(acting=str(head.mandate.key))
    assert send(form).status_code == 404
    browser = reader(head.person)
    with clock.standing_at(clock.now() + timedelta(days=5000)):
        answer = browser.post("/demands/new/", form)
    assert answer.status_code in {302, 403, 422}
    assert not Demand.objects.exists()


# --- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=%00",
        "q=" + "%D8%A2" * 500,
        "page=-1",
        "page=x",
        "page=99999",
        "tab=no",
        "sort=no",
        "place=no",
        "lat=91&lng=0",
    ],
)
def test_the_list_answers_whatever_is_asked(query: str) -> None:
    make.demand()
    assert reader().get(f"/demands/?{query}").status_code == 200


def at_the_middle_of(name: str) -> Place:
    """A neighbourhood that is on the map."""
    return organisations.add_place(
        by=FOUNDERS,
        code="middle",
        name=name,
        level="neighbourhood",
        within=make.city(),
        latitude=33.97,
        longitude=51.41,
        source="test",
    )


def on_the_map(answer: Any) -> list[dict[str, Any]]:
    """What the map of a page is handed."""
    found = re.search(r"data-points='([^']*)'", answer.content.decode())
    return json.loads(unescape(found[1])) if found else []


@pytest.mark.parametrize("address", ["/", "/demands/"])
def test_nearest_to_me_shows_demands_of_the_neighbourhood_that_have_no_point(address: str) -> None:
    demand = make.demand(place=at_the_middle_of("محتشم"))
    page = reader().get(f"{address}?lat=33.98&lng=51.42")
    assert demand.title in said(page)
    assert "Nobody has asked for anything yet" not in said(page)


def test_where_nothing_is_near_the_page_says_so_and_not_that_nobody_asked() -> None:
    demand = make.demand(place=make.city())
    assert demand.title in said(reader().get("/demands/"))
    for address, words in (("/", "No demand has a place on the map yet"), ("/demands/", "has a place on the map")):
        page = said(reader().get(f"{address}?lat=33.98&lng=51.42"))
        assert words in page
        assert "Nobody has asked for anything yet" not in page
        assert "No demand fits this search" not in page


def test_the_map_shows_points_and_for_those_without_one_their_neighbourhood_once() -> None:
    place = at_the_middle_of("محتشم")
    exact = make.demand(place=place, point=(33.975, 51.415))
    without = make.demand(place=place)
    own, around = on_the_map(reader().get("/demands/"))
    assert (own["lat"], own["lng"], own["href"]) == (33.975, 51.415, page(exact))
    assert "around" not in own
    assert (around["lat"], around["lng"], around["href"]) == (33.97, 51.41, page(without))
    assert around["around"] is True
    assert without.title in around["title"]
    assert "no exact point" in around["title"]
    make.demand(place=place)
    _own, both = on_the_map(reader().get("/demands/"))
    assert both["href"] == "/demands/?place=middle"
    assert both["title"].startswith("2 demands about محتشم")


def test_the_map_to_choose_a_point_on_knows_the_places_by_name_where_there_are_no_map_pictures(
    settings: Any,
) -> None:
    at_the_middle_of("محتشم")
    marks = on_the_map(citizen().get("/demands/new/"))
    assert {"lat": 33.97, "lng": 51.41, "title": "محتشم"}.items() <= marks[1].items()
    settings.MAP_TILES = "https://tiles.example/{z}/{x}/{y}.png"
    assert on_the_map(citizen().get("/demands/new/")) == []


def test_what_concerns_the_whole_city_is_on_no_map() -> None:
    make.demand(place=make.city())
    assert on_the_map(reader().get("/demands/")) == []


def test_the_list_by_nearness_keeps_its_filters_and_takes_few_queries() -> None:
    place = at_the_middle_of("محتشم")
    shown, other = make.demand(place=place, kind="proposal"), make.demand(place=place)
    with few_queries():
        answer = reader().get("/demands/?kind=proposal&lat=33.98&lng=51.42")
    assert shown.title in said(answer)
    assert other.title not in said(answer)
    assert 'data-near="/demands/?kind=proposal' in reader().get("/demands/?kind=proposal").content.decode()


def test_what_is_late_on_the_first_page_leads_to_exactly_that_demands_and_promises_apart() -> None:
    promises.promised(make.admitted())  # late, and its demand with it
    waiting = make.demand()
    with make.days_later(400):
        fresh = make.demand()
        first = reader().get("/").content.decode()
        for way, late, counted in (
            ("/demands/?overdue=on", 2, "2 demands"),
            ("/commitments/?overdue=on", 1, "1 commitment"),
        ):
            tile = first.partition(f'<a href="{way}">')[2].partition("</a>")[0]
            assert f'<strong class="stat-number">{late}</strong>' in tile
            assert counted in said(reader().get(way))
        listed = said(reader().get("/demands/?overdue=on"))
        assert waiting.title in listed
        assert fresh.title not in listed


def test_a_hidden_name_is_shown_to_nobody_and_a_shown_one_to_all() -> None:
    hidden, shown = (
        make.demand(make.acting(make.person(name=name)), show_name=name == "پروانه") for name in ("شبنم", "پروانه")
    )
    for browser in (reader(), citizen()):
        assert "شبنم" not in browser.get(page(hidden)).content.decode()
        assert "پروانه" in browser.get(page(shown)).content.decode()


def test_what_is_not_there_is_not_found() -> None:
    demand = make.demand()
    for address in ("/demands/00000000/", f"{page(demand)}files/1/", "/inbox/00000000/"):
        assert office_of(demand).get(address).status_code == 404, address


def test_no_page_asks_much_of_the_database() -> None:
    demand = make.admitted()
    commands.support(by=make.acting(), demand=demand)
    commands.comment(by=make.acting(), demand=demand, text="من هم همین را می‌خواهم.")
    # Whoever has signed in costs a session, a person, their mandates and what waits for them.
    for browser, most in ((reader(), 9), (citizen(), 13)):
        for address in ("/demands/", page(demand), "/demands/track/"):
            browser.get(address)
            with few_queries(most):
                browser.get(address)


# --- the inbox -------------------------------------------------------------------------------------------------------


def office_of(demand: Demand) -> Client:
    return reader(make.officer(demand.unit).person, second_factor=True)


def decide(browser: Client, demand: Demand, verb: str, **more: Any) -> Any:
    return browser.post(f"/inbox/{demand.code}/", {"verb": verb, "once": once()} | more)


def test_an_officer_admits_and_refuses_with_a_reason_of_the_charter() -> None:
    demand = make.demand(unit=make.unit())
    officer = office_of(demand)
    assert decide(officer, demand, "admit").status_code == 302
    reason = next(iter(charter.choices("demands.refusal_reasons")))
    assert decide(officer, demand, "refuse", reason_code="whim", reason="نه").status_code == 422
    assert decide(officer, demand, "refuse", reason_code=reason, reason="").status_code == 422
    words = "این معبر در طرح تفصیلی نیست."
    assert decide(officer, demand, "refuse", reason_code=reason, reason=words).status_code == 302
    demand.refresh_from_db()
    assert (demand.state, words in said(reader().get(page(demand)))) == (State.REFUSED, True)


def test_the_second_of_two_officers_is_told_what_happened() -> None:
    demand = make.demand(unit=make.unit())
    first, second = office_of(demand), office_of(demand)
    assert decide(first, demand, "admit").status_code == 302
    before = Entry.objects.count()
    late = decide(second, demand, "admit")
    assert late.status_code == 409
    told = said(late)
    assert Entry.objects.count() == before
    assert demand.unit.label in told


def test_another_unit_and_a_citizen_do_not_see_the_inbox_of_a_demand() -> None:
    demand = make.demand(unit=make.unit())
    stranger = reader(make.officer(make.unit()).person, second_factor=True)
    assert stranger.get(f"/inbox/{demand.code}/").status_code == 404
    assert citizen().get(f"/inbox/{demand.code}/").status_code == 403
    assert reader(make.officer(demand.unit).person).get("/inbox/").status_code == 302, "the second factor comes first"


def test_an_unknown_verb_is_not_found_and_changes_nothing() -> None:
    demand = make.demand(unit=make.unit())
    assert decide(office_of(demand), demand, "bribe").status_code == 404
    demand.refresh_from_db()
    assert demand.state == State.RECEIVED


def test_a_passed_on_demand_leaves_the_first_inbox_and_stands_in_the_second() -> None:
    demand, other = make.demand(unit=make.unit()), make.unit()
    first = office_of(demand)
    assert decide(first, demand, "route", unit=other.code, reason="در محدودهٔ آن‌هاست.").status_code == 302
    demand.refresh_from_db()
    assert demand.unit == other
    assert demand.title not in first.get("/inbox/").content.decode()
    assert demand.title in office_of(demand).get("/inbox/").content.decode()
