"""Every page of these areas works without a script: no handlers, no inline code, and a button for each form."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Position
from tests import factories as make
from tests.web.readers import head, office, reader

pytestmark = pytest.mark.django_db


def pages() -> list[tuple[Client, str]]:
    body, unit, place = make.organisation(), make.unit(), make.place()
    asked = make.organisation(accredited=False)
    other = make.mandate(body, role="representative")
    public = ["organisations/", f"organisations/{body.code}/", f"organisations/{unit.code}/", "organisations/units/"]
    public += ["places/", f"places/{place.code}/", "charter/", "gathering/"]
    own = ["me/", "me/profile/", "organisations/new/"]
    own += [f"organisations/{body.code}/{page}/" for page in ("edit", "capabilities", "mandates")]
    own += [f"organisations/{body.code}/mandates/{other.key}/end/"]
    kept = ["", "applications/", "register/", "capabilities/", "units/", "units/new/", "places/", "places/new/"]
    kept += [f"organisations/{asked.code}/", f"bodies/{unit.code}/close/", f"places/{place.code}/"]
    browsers = [(reader(), public), (head(body), own), (office(), [f"office/{page}" for page in kept])]
    return [(browser, f"/{page}") for browser, addresses in browsers for page in addresses]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_page_works_without_a_script(language: str) -> None:
    for browser, address in pages():
        browser.cookies["language"] = language
        answer = browser.get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        assert not re.findall(r"<script(?![^>]*\bsrc=)", page), address
        assert not re.findall(r"<[^>]+\s(?:on[a-z]+|style)\s*=", page), address
        assert "javascript:" not in page, address
        for form in re.findall(r"<form\b.*?</form>", page, flags=re.DOTALL):
            assert "<button" in form, address
            if (
                'method="post"' in form and 'class="language"' not in form
            ):  # a choice of language can be forged: no harm
                assert "csrfmiddlewaretoken" in form, address
            if "data-once" in form:
                assert re.search(r'name="once" value="[0-9a-f-]{36}"', form), address


def test_an_act_about_a_person_alone_is_nobodys_reading() -> None:
    make.person()
    catch_up()
    alone = Position.objects.filter(entry__kind="people.registered").first()
    assert alone is not None
    assert reader().get(f"/ledger/{alone.number}/").status_code == 404
