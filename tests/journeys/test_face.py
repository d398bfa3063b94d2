"""What every page owes its readers: axe finds nothing, nothing is wider than a phone, the first view is light."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe

from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.moderation import commands
from hamgara.domain.oversight.models import Review, Seat
from hamgara.web import context
from tests import factories as make
from tests import sample_city
from tests.journeys.people import Visitor
from tests.moderation import reporting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST_VIEW = 150_000  # bytes over the wire, font included


@pytest.fixture
def city(quiet_server: Any) -> Iterator[str]:
    """The sample city with its whole story."""
    context.forget_city()
    sample_city.load()
    yield quiet_server.url
    context.forget_city()


def moderated(demand: Demand) -> tuple[str, str]:
    """The codes of a comment that was reported, and of one that was hidden."""
    first, second = (
        demands.comment(by=make.acting(), demand=demand, text=text, show_name=True)
        for text in ("همسایه‌ها نادان‌اند", "ارزان‌ترین لوازم برقی")
    )
    commands.report(by=make.acting(), case=reporting.case_of(first), reason="insult", words="توهین است")
    commands.hide(by=make.office_officer(), case=reporting.case_of(second), reason="spam", words="تبلیغ فروشگاه")
    return f"comment.{first.key}", f"comment.{second.key}"


def pages() -> dict[str, list[str]]:
    """Who looks at what; nobody's name stands for a reader who has not signed in."""
    demand = Demand.objects.filter(state=Demand.State.CLOSED).first()
    waiting = Demand.objects.filter(state=Demand.State.RECEIVED).first()
    admitted = Demand.objects.filter(state=Demand.State.ADMITTED).first()
    under_way = Commitment.objects.filter(state=Commitment.State.UNDER_WAY).first()
    claimed = Review.objects.filter(state=Review.State.OPENED).first()
    settled = Review.objects.filter(state=Review.State.SETTLED).first()
    reported, hidden = moderated(waiting)
    public = "/ /demands/ /commitments/ /reviews/ /organisations/ /places/ /places/d1/ /charter/ /gathering/ /ledger/"
    return {
        "": [
            *public.split(),
            "/about/",
            "/figures/",
            "/figures/places/",
            "/figures/units/?order=done",
            "/figures/places/d1/",
            "/accounts/login/",
            "/accounts/signup/",
            "/demands/track/",
            "/organisations/rah-hamvar/",
            "/organisations/units/",
            "/ledger/0/",
            f"/demands/{demand.code}/",
            f"/commitments/{demand.commitments.get().code}/",
            f"/reviews/{settled.code}/",
            f"/demands/{waiting.code}/",
            f"/moderation/{hidden}/",
            "/moderation/",
        ],
        "zahra": [
            "/me/",
            "/me/profile/",
            "/demands/new/",
            "/organisations/new/",
            f"/demands/{waiting.code}/",
            f"/moderation/{reported}/",
            f"/reviews/{claimed.code}/",
        ],
        "maryam": [
            "/inbox/?all=1",
            "/inbox/templates/",
            "/inbox/workload/",
            f"/inbox/{waiting.code}/",
            f"/inbox/{admitted.code}/",
            f"/commitments/new/?demand={admitted.code}",
            "/office/",
            "/office/imports/",
            "/office/moderation/",
            f"/office/moderation/{reported}/",
            f"/office/moderation/{hidden}/",
            f"/commitments/{under_way.code}/",
        ],
    }


def violations(visitor: Visitor) -> list[str]:
    """What axe finds wrong with the page."""
    return [each["id"] for each in Axe().run(visitor.page).response["violations"]]


@pytest.mark.long
def test_pages_are_open_to_all_and_fit_a_phone(city: str, chromium: Any) -> None:
    troubles = []
    for code, paths in pages().items():
        visitor = Visitor(chromium, city, width=360, scripts=True)
        if code:
            visitor.sign_in(code)
        for path in paths:
            visitor.open(path)
            for width in (360, 1280):
                visitor.page.set_viewport_size({"width": width, "height": 900})
                troubles += [f"{path} at {width}: {each}" for each in violations(visitor)]
                wide = visitor.page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    troubles.append(f"{path}: {wide} px wide on a screen of {width}")
        troubles += visitor.complaints
        visitor.context.close()
    assert troubles == []


def test_pages_in_english_are_open_to_all_too(city: str, chromium: Any) -> None:
    """The same templates, the other way round: what only the other language and direction could break."""
    demand = Demand.objects.filter(state=Demand.State.CLOSED).first()
    reader = Visitor(chromium, city, width=360, scripts=True).sign_in("zahra")
    reader.context.add_cookies([{"name": "language", "value": "en", "url": city}])
    troubles = []
    for path in ("/", "/demands/", f"/demands/{demand.code}/", "/demands/new/", "/charter/"):
        reader.open(path)
        assert reader.page.evaluate("document.documentElement.dir + document.documentElement.lang") == "ltren"
        troubles += [f"{path}: {each}" for each in violations(reader)]
        if reader.page.evaluate("document.documentElement.scrollWidth") > 360:
            troubles.append(f"{path}: wider than a phone")
    assert troubles + reader.complaints == []
    reader.context.close()


def test_a_reviewer_can_use_the_verdict_form(city: str, chromium: Any) -> None:
    review = Review.objects.get(state=Review.State.OPENED)
    author = Visitor(chromium, city, width=360, scripts=True).sign_in("zahra")
    author.open(f"/reviews/{review.code}/").write(words="سه واژهٔ ساده").send("#words form")
    seat = review.seats.filter(state=Seat.State.CALLED, organisation__isnull=False).first()
    holder = seat.organisation.mandates.order_by("pk").first()
    reviewer = Visitor(chromium, city, width=360, scripts=True)
    reviewer.sign_in(str(holder.person.email).partition("@")[0]).open(f"/reviewer/{seat.key}/")
    assert violations(reviewer) == []
    assert reviewer.page.evaluate("document.documentElement.scrollWidth") <= 360
    for each in (author, reviewer):
        each.context.close()


def test_a_first_view_is_light(city: str, chromium: Any) -> None:
    """Text is weighed as it travels, packed by Brotli; fonts and pictures travel as they are."""
    for path in ("/", "/demands/", f"/demands/{Demand.objects.order_by('pk').first().code}/"):
        visitor = Visitor(chromium, city, width=360, scripts=True)
        weights: list[int] = []
        visitor.page.on("requestfinished", lambda sent, weights=weights: weights.append(_weight(sent.response())))
        visitor.open(path).page.wait_for_load_state("networkidle")
        assert len(weights) > 3
        assert sum(weights) < FIRST_VIEW, f"{path}: {sum(weights)} bytes"
        visitor.context.close()


def _weight(answer: Any) -> int:
    body = answer.body()
    packed = any(kind in answer.headers.get("content-type", "") for kind in ("text", "javascript", "svg", "json"))
    return len(brotli.compress(body, quality=5)) if packed else len(body)
