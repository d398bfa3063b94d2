"""The register's pages: who sees and changes what, what is refused, and how little they ask of the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hamgara import charter
from hamgara.domain.demands import commands as demands
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.organisations import commands
from hamgara.domain.organisations.models import Capability, Offer, Organisation
from tests import factories as make
from tests.web.readers import citizen, head, holder, office, once, reader, said, unit_officer, wrong_fields

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def capability(name: str = "آموزش", code: str = "teaching") -> Capability:
    return commands.add_capability(by=FOUNDERS, code=code, name=name, name_en=code, unit="ساعت", unit_en="hours")


# --- who sees ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
def test_everybody_reads_the_register_its_export_the_units_and_a_profile(language: str) -> None:
    body, unit = make.organisation(), make.unit()
    for page in ("", "organisations.csv", "units/", f"{body.code}/", f"{unit.code}/"):
        assert reader(language=language).get(f"/organisations/{page}").status_code == 200, page


def test_a_code_that_nobody_has_is_not_found() -> None:
    assert reader().get("/organisations/nobody/").status_code == 404


def test_an_application_is_seen_by_its_people_and_the_office_alone() -> None:
    body = make.organisation("انجمن تازه", accredited=False)
    page = f"/organisations/{body.code}/"
    assert [each.get(page).status_code for each in (reader(), citizen(), unit_officer())] == [404, 404, 404]
    assert [each.get(page).status_code for each in (head(body), office())] == [200, 200]
    assert body.name not in said(reader().get("/organisations/"))


def test_a_profile_says_how_many_act_for_it_and_never_who() -> None:
    body = make.organisation(head=make.person("پروین اعتصامی"))
    make.mandate(body, make.person("فروغ فرخزاد"), role="representative")
    page = said(reader().get(f"/organisations/{body.code}/"))
    assert "1 head" in page
    assert "1 representative" in page
    assert "پروین" not in page
    assert "فروغ" not in page


def test_a_body_that_was_merged_leads_to_its_successor() -> None:
    old, new = make.unit("واحد کهنه"), make.unit("واحد نو")
    commands.merge(by=make.office_officer(), organisation=old, into=new, reason="یکی شدند")
    assert "«واحد نو» has taken over its work." in said(reader().get(f"/organisations/{old.code}/"))
    assert "واحد کهنه" in said(reader().get(f"/organisations/{new.code}/"))


def test_the_history_leads_to_what_each_act_is_about() -> None:
    body = make.organisation()
    demand = make.demand(make.head_of(body))
    page = reader().get(f"/organisations/{body.code}/").content.decode()
    assert f'href="/demands/{demand.code}/"' in page
    assert "The organisation was accredited" in page


# --- finding ----------------------------------------------------------------------------------------------------------


def test_a_profile_shows_what_it_asks_on_behalf_of_people_and_the_way_to_all_of_it() -> None:
    body, other = make.organisation("انجمن راه"), make.organisation("انجمن دیگر")
    carried = [make.demand(make.head_of(body)) for _number in range(4)]
    withdrawn = demands.withdraw(by=make.head_of(body), demand=make.demand(make.head_of(body)))
    elsewhere, own = make.demand(make.head_of(other)), make.demand()
    page = reader().get(f"/organisations/{body.code}/")
    way = f"/demands/?on_behalf={body.code}"
    assert "All 4 demands that it carries" in said(page)
    assert f'href="{way}"' in page.content.decode()
    assert carried[-1].title in said(page)
    listed = said(reader().get(way))
    assert all(each.title in listed for each in carried)
    assert not any(each.title in listed for each in (withdrawn, elsewhere, own))
    assert "It carries no demand yet." in said(reader().get(f"/organisations/{make.organisation().code}/"))


def test_the_list_that_an_organisation_carries_is_a_file_too() -> None:
    body = make.organisation()
    carried, other = make.demand(make.head_of(body)), make.demand()
    written = reader().get(f"/demands/demands.csv?on_behalf={body.code}")
    content = b"".join(written.streaming_content) if written.streaming else written.content
    assert carried.title in content.decode()
    assert other.title not in content.decode()


def test_demands_are_filtered_by_organisations_that_may_carry_them_and_by_no_unit_or_applicant() -> None:
    body, applicant, unit = make.organisation("انجمن راه"), make.organisation(accredited=False), make.unit()
    page = reader().get("/demands/").content.decode()
    choices = page.partition('name="on_behalf"')[2].partition("</select>")[0]
    assert f'value="{body.code}"' in choices
    assert applicant.code not in choices
    assert unit.code not in choices


def test_the_register_is_searched_by_name_kind_place_and_capability() -> None:
    district = make.place("منطقهٔ یک", level="district")
    here = make.place("محلهٔ بالا", within=district)
    charity, ngo = make.organisation("خیریهٔ مهر", kind="charity"), make.organisation("انجمن سبز", kind="ngo")
    commands.describe(by=make.head_of(charity), organisation=charity, seat=here)
    commands.offer_capability(by=make.head_of(ngo), organisation=ngo, capability=capability(), amount=5)

    def found(**asked: str) -> set[str]:
        page = said(reader().get("/organisations/", asked))
        return {name for name in (charity.name, ngo.name) if name in page}

    assert found() == {charity.name, ngo.name}
    assert found(q="مهر") == {charity.name}
    assert found(q="كهر") == set()
    assert found(q="خيريه") == {charity.name}, "Arabic letters find Persian names"
    assert found(kind="ngo") == {ngo.name}
    assert found(place=district.code) == {charity.name}
    assert found(capability="teaching") == {ngo.name}


def test_a_search_that_finds_nothing_says_so_and_shows_the_way_back() -> None:
    make.organisation()
    page = reader().get("/organisations/", {"q": "زغال اخته"})
    assert page.status_code == 200
    assert "No organisation fits" in said(page)
    assert 'href="/organisations/"' in page.content.decode()


@pytest.mark.parametrize("asked", [{"kind": "bank"}, {"place": "mars"}, {"capability": "magic"}, {"q": "a" * 101}])
def test_a_filter_that_cannot_be_is_a_bad_request_with_a_message(asked: dict[str, str]) -> None:
    page = reader().get("/organisations/", asked)
    assert page.status_code == 400
    assert 'class="field-error"' in page.content.decode()


def test_a_page_beyond_the_last_is_the_last() -> None:
    make.organisation("تنها سازمان")
    for number in ("99", "-1", "many"):
        assert "تنها سازمان" in said(reader().get("/organisations/", {"page": number}))


def test_the_export_obeys_the_filters_and_runs_no_formula() -> None:
    make.organisation("=HYPERLINK(1)", kind="ngo")
    make.organisation("خیریهٔ مهر", kind="charity")
    export = reader().get("/organisations/organisations.csv", {"kind": "ngo"}).getvalue().decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in export
    assert "مهر" not in export


# --- bringing one -----------------------------------------------------------------------------------------------------


def application(**more: Any) -> dict[str, Any]:
    city = make.city()
    plain = {"name": "انجمن دوستان آب", "kind": "ngo", "about": "آب را پاس می‌داریم.", "seat": city.code, "once": once()}
    return plain | {"registration_number": "۱۲٣4", "authority": "استانداری"} | more


def test_whoever_brings_an_organisation_becomes_its_head_and_sees_its_page() -> None:
    browser = citizen()
    answer = browser.post("/organisations/new/", application(name_en="Friends of Water"), follow=True)
    body = Organisation.objects.get()
    assert body.code == "friends-of-water"
    assert body.registration_number == "1234", "digits of three kinds are one number"
    assert answer.redirect_chain == [("/organisations/friends-of-water/", 302)]
    assert "You are its head." in said(answer)


def test_a_code_is_never_the_address_of_another_page() -> None:
    citizen().post("/organisations/new/", application(name_en="New"))
    assert Organisation.objects.get().code == "ngo"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "ن" * 161),
        ("name", "انجمن\u0007آب"),
        ("name", "\u202eانجمن"),
        ("kind", "municipal_unit"),
        ("kind", "bank"),
        ("about", "آ" * 2001),
        ("about", "آب\u0000"),
        ("seat", "mars"),
        ("registration_number", "1" * 41),
        ("authority", "م" * 121),
    ],
)
def test_a_bad_application_is_told_beside_the_field_and_nothing_is_kept(field: str, value: str) -> None:
    page = citizen().post("/organisations/new/", application(**{field: value}))
    assert page.status_code == 422
    assert wrong_fields(page) == {field}
    assert not Organisation.objects.exists()


def test_a_name_that_is_taken_is_told_beside_the_name() -> None:
    make.organisation("انجمن دوستان آب")
    page = citizen().post("/organisations/new/", application())
    assert page.status_code == 422
    assert wrong_fields(page) == {"name"}


def test_an_application_sent_twice_is_made_once() -> None:
    browser, form = citizen(), application()
    browser.post("/organisations/new/", form)
    again = browser.post("/organisations/new/", form, follow=True)
    assert Organisation.objects.count() == 1
    assert again.redirect_chain[0][0] == f"/organisations/{Organisation.objects.get().code}/"
    assert "it was not done twice" in said(again)


def test_papers_are_made_anew_and_seen_by_the_office_and_the_head_alone() -> None:
    who = make.person()
    photo = SimpleUploadedFile("پروانه.jpg", make.photo(exif=b"").read(), "image/jpeg")
    reader(who).post("/organisations/new/", application(documents=[photo]))
    body = Organisation.objects.get()
    paper = f"/organisations/{body.code}/papers/{body.documents.get().pk}/"
    assert body.documents.get().title == "پروانه.jpg"
    others = (citizen(), unit_officer(), holder(body, "representative"), head(make.organisation()))
    assert [each.get(paper).status_code for each in (reader(), *others)] == [404] * 5
    assert reader(make.office_officer().person).get(paper).status_code == 302, "led to the second factor"
    for each in (reader(who), office()):
        answer = each.get(paper)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("licence.pdf", b"MZ\x90\x00 a program"),
        ("photo.jpg", b"<svg onload='alert(1)'/>"),
        ("broken.jpg", b"\xff\xd8\xff"),
    ],
)
def test_a_disguised_or_broken_paper_is_refused_and_nothing_is_kept(name: str, content: bytes) -> None:
    page = citizen().post("/organisations/new/", application(documents=[SimpleUploadedFile(name, content)]))
    assert page.status_code == 422
    assert wrong_fields(page) == {"documents"}
    assert not Organisation.objects.exists()


def test_an_oversized_paper_and_too_many_papers_are_refused() -> None:
    most = charter.number("attachments.file_size") * 1024 * 1024
    large = SimpleUploadedFile("large.pdf", b"%PDF-" + b"0" * most)
    many = [SimpleUploadedFile(f"{n}.jpg", make.photo().read()) for n in range(6)]
    for papers in ([large], many):
        page = citizen().post("/organisations/new/", application(documents=papers))
        assert page.status_code == 422
        assert wrong_fields(page) == {"documents"}


# --- its own people ---------------------------------------------------------------------------------------------------


def everybody(body: Organisation) -> dict[str, Client]:
    return {
        "nobody": reader(),
        "citizen": citizen(),
        "head": head(body),
        "representative": holder(body, "representative"),
        "reviewer": holder(body, "reviewer"),
        "head of another": head(make.organisation()),
        "officer": unit_officer(),
        "office": office(),
        "office without second factor": reader(make.office_officer().person),
    }


PAGES = {
    "edit/": {"head": 200, "representative": 200, "office": 200},
    "capabilities/": {"head": 200, "representative": 200, "office": 200},
    "mandates/": {"head": 200, "representative": 200, "reviewer": 200, "office": 200},
}


@pytest.mark.parametrize("page", PAGES)
def test_who_opens_the_pages_of_an_organisations_own_people(page: str) -> None:
    body = make.organisation()
    expected = {"nobody": 302, "office without second factor": 302} | PAGES[page]
    for who, browser in everybody(body).items():
        answer = browser.get(f"/organisations/{body.code}/{page}")
        assert answer.status_code == expected.get(who, 403), who


def test_an_officer_without_second_factor_is_led_to_it_and_told_why() -> None:
    browser = reader(make.office_officer().person)
    answer = browser.get(f"/organisations/{make.organisation().code}/edit/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/accounts/2fa/totp/activate/")
    assert "needs an authenticator app" in said(answer)


def test_a_profile_is_changed_and_the_change_recorded() -> None:
    body = make.organisation()
    sent = {"about": "تازه", "website": "example.org", "public_phone": "۰۳۱ ۵۵۴۴", "seat": make.city().code}
    answer = head(body).post(f"/organisations/{body.code}/edit/", sent)
    assert answer.status_code == 302
    body.refresh_from_db()
    assert (body.about, body.website, body.public_phone) == ("تازه", "https://example.org", "031 5544")
    assert body.seat == make.city()
    assert "changed what it says of itself" in said(reader().get(f"/organisations/{body.code}/"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("website", "javascript:alert(1)"),
        ("website", "not a site"),
        ("public_phone", "call me"),
        ("about", "آ" * 2001),
        ("about", "زنگ\u0007"),
        ("name_en", "n" * 161),
    ],
)
def test_a_bad_description_is_told_beside_the_field(field: str, value: str) -> None:
    body = make.organisation()
    page = head(body).post(f"/organisations/{body.code}/edit/", {field: value})
    assert page.status_code == 422
    assert wrong_fields(page) == {field}


def test_acting_under_somebody_elses_mandate_is_not_found() -> None:
    body = make.organisation()
    foreign = make.mandate(body, role="representative")
    answer = citizen().post(f"/organisations/{body.code}/edit/", {"about": "x", "acting": str(foreign.key)})
    assert answer.status_code == 404
    for nonsense in ("nonsense", "0" * 32):
        assert head(body).post(f"/organisations/{body.code}/edit/", {"acting": nonsense}).status_code == 404


def test_acting_under_a_mandate_that_has_ended_is_refused_with_the_reason() -> None:
    body = make.organisation()
    mandate = make.mandate(body, role="representative")
    browser = reader(mandate.person)
    with make.days_later(366):
        answer = browser.post(f"/organisations/{body.code}/edit/", {"about": "x", "acting": str(mandate.key)})
    assert answer.status_code == 403
    assert "Your mandate for this organisation has ended" in said(answer)
    body.refresh_from_db()
    assert body.about == ""


def test_whoever_may_act_in_two_names_chooses_one() -> None:
    body = make.organisation()
    who = make.head_of(body).person
    make.mandate(body, who, role="representative")
    page = reader(who).get(f"/organisations/{body.code}/edit/").content.decode()
    assert '<select name="acting"' in page


@pytest.mark.parametrize(("written", "amount"), [("۱۲", 12), ("٤٠", 40), ("1٬200", 1200), ("۳,۵۰۰", 3500)])
def test_an_amount_is_taken_in_any_digits(written: str, amount: int) -> None:
    body, kind = make.organisation(), capability()
    head(body).post(f"/organisations/{body.code}/capabilities/", {"capability": kind.code, "amount": written})
    assert Offer.objects.get().amount == amount
    assert f"{amount:,}" in said(reader().get(f"/organisations/{body.code}/"))


@pytest.mark.parametrize("written", ["", "0", "-3", "a few", "۱۲.۵", "9" * 12])
def test_an_amount_that_is_none_is_told_beside_the_field(written: str) -> None:
    body, kind = make.organisation(), capability()
    page = head(body).post(f"/organisations/{body.code}/capabilities/", {"capability": kind.code, "amount": written})
    assert page.status_code == 422
    assert wrong_fields(page) == {"amount"}
    assert not Offer.objects.exists()


def test_an_offer_is_taken_back_once() -> None:
    body, kind = make.organisation(), capability()
    commands.offer_capability(by=make.head_of(body), organisation=body, capability=kind, amount=3)
    browser, address = head(body), f"/organisations/{body.code}/capabilities/{kind.code}/withdraw/"
    assert citizen().post(address).status_code == 403
    assert browser.get(address).status_code == 405
    assert "taken back" in said(browser.post(address, follow=True))
    assert "does not offer this capability" in said(browser.post(address, follow=True))
    assert browser.post(f"/organisations/{body.code}/capabilities/magic/withdraw/").status_code == 404


# --- how little they ask ----------------------------------------------------------------------------------------------


def test_public_pages_ask_little_of_the_database_however_full_it_is() -> None:
    kind, district = capability(), make.place(level="district")
    parent = make.unit()
    for number in range(30):
        body = make.organisation()
        by = make.head_of(body)
        commands.describe(by=by, organisation=body, seat=make.place(within=district))
        commands.offer_capability(by=by, organisation=body, capability=kind, amount=number + 1)
        make.unit(parent=parent)
    browser = reader()
    addresses = [
        "/organisations/",
        "/organisations/?q=سازمان&kind=ngo&place=" + district.code,
        "/organisations/units/",
        f"/organisations/{body.code}/",
        f"/organisations/{parent.code}/",
        "/places/",
        f"/places/{district.code}/",
        f"/places/{make.city().code}/",
        "/charter/",
        "/gathering/",
    ]
    for address in addresses:
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        queries = [each for each in asked if each["sql"].startswith("SELECT")]
        assert len(queries) <= MOST_QUERIES, address
