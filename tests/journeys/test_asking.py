"""Asking in a real browser where somebody has asked for the same: the question comes once, and photos stay chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hamgara.cli import sample
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.organisations.models import ActingPerson, Place
from tests import factories as make
from tests.journeys.people import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "نیمکت برای ایستگاه اتوبوس گلچقانه"
LIKE_IT = "ایستگاه اتوبوس گلچقانه نیمکت ندارد"


@pytest.fixture
def asked_before() -> Callable[[], Demand]:
    """Somebody else has asked for a bench at the same stop."""

    def ask(**more: Any) -> Demand:
        return make.demand(
            ActingPerson(sample.person("ali")),
            title=LIKE_IT,
            field=Field.objects.get(code="traffic"),
            place=Place.objects.get(code="golchaqaneh"),
            **more,
        )

    return ask


def writing(visitor: Callable[..., Visitor], *, scripts: bool = True) -> Visitor:
    """A citizen with a phone writes the same, and has chosen a photo."""
    citizen = visitor(width=360, scripts=scripts).sign_in("zahra").open("/demands/new/")
    citizen.write(field="traffic", kind="request", place="golchaqaneh")
    photo = {"name": "stop.jpg", "mimeType": "image/jpeg", "buffer": make.photo().getvalue()}
    citizen.page.set_input_files("[name=files]", [photo])
    return citizen


def test_whoever_says_while_writing_that_theirs_is_new_is_not_asked_again(
    visitor: Callable[..., Visitor], asked_before: Callable[[], Demand]
) -> None:
    citizen = writing(visitor)
    asked_before()
    citizen.page.locator("[name=title]").press_sequentially(TITLE)
    citizen.page.get_by_text(LIKE_IT).wait_for()
    assert citizen.fits()
    citizen.page.get_by_label("هیچ‌کدام").check()
    citizen.press("فرستادن مطالبه")
    made = Demand.objects.get(title=TITLE)
    assert made.attachments.count() == 1
    assert citizen.complaints == []


def test_whoever_sends_before_answering_is_asked_on_the_spot_and_keeps_the_photo(
    visitor: Callable[..., Visitor], asked_before: Callable[[], Demand]
) -> None:
    citizen = writing(visitor)
    asked_before()
    citizen.write(title=TITLE)  # at once, faster than anything is looked up
    citizen.page.get_by_role("button", name="فرستادن مطالبه").click()
    citizen.page.get_by_text("هنوز چیزی فرستاده نشده است").wait_for()
    assert citizen.page.get_by_text(LIKE_IT).count() == 1
    assert Demand.objects.filter(title=TITLE).count() == 0
    citizen.page.get_by_label("هیچ‌کدام").check()
    citizen.press("فرستادن مطالبه")
    assert Demand.objects.get(title=TITLE).attachments.count() == 1


def test_whoever_finds_theirs_among_them_supports_it(
    visitor: Callable[..., Visitor], asked_before: Callable[[], Demand]
) -> None:
    citizen, other = writing(visitor), asked_before()
    citizen.page.locator("[name=title]").press_sequentially(TITLE)
    citizen.press("همین است، من هم حمایت می‌کنم")
    other.refresh_from_db()
    assert (other.support_count, Demand.objects.count()) == (1, 1)
    assert citizen.page.url.endswith(f"/demands/{other.code}/")


def test_without_a_script_the_page_says_beside_the_field_that_photos_were_not_kept(
    visitor: Callable[..., Visitor], asked_before: Callable[[], Demand]
) -> None:
    citizen, _other = writing(visitor, scripts=False), asked_before()
    citizen.write(title=TITLE).press("فرستادن مطالبه")
    assert citizen.reads(LIKE_IT)
    assert citizen.reads("عکس‌های شما نگه داشته نشد")
    citizen.press("مطالبهٔ من تازه است؛ بفرست")
    assert Demand.objects.filter(title=TITLE).count() == 1


def test_where_nobody_has_asked_for_the_like_it_is_sent_at_once(visitor: Callable[..., Visitor]) -> None:
    citizen = writing(visitor).write(title=TITLE).press("فرستادن مطالبه")
    assert citizen.page.url.endswith(f"/demands/{Demand.objects.get().code}/")
    assert Demand.objects.get().attachments.count() == 1


def test_the_map_to_choose_a_point_on_shows_the_names_around_the_chosen_neighbourhood(
    visitor: Callable[..., Visitor],
) -> None:
    citizen = writing(visitor)
    citizen.page.get_by_text("نقطهٔ دقیق و نشانی").click()
    citizen.page.get_by_role("button", name="برگزیدن روی نقشه").click()
    chosen = Place.objects.get(code="golchaqaneh")
    citizen.page.locator(".leaflet-tooltip", has_text=chosen.name).wait_for()
    assert citizen.page.locator(".leaflet-tooltip").count() == Place.objects.count()
    citizen.page.locator("figure.map").click()
    latitude, longitude = (float(citizen.page.input_value(f"[name=point_{each}]")) for each in ("lat", "lng"))
    assert chosen.latitude is not None
    assert chosen.longitude is not None
    assert abs(latitude - chosen.latitude) < 0.002, "the map is opened around the place that was chosen"
    assert abs(longitude - chosen.longitude) < 0.002
    assert citizen.fits()
    assert citizen.complaints == []
