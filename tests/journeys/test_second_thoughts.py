"""What is taken back or contested: a merge while two officers are at it, a verdict and the appeal against it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import translation

from hamgara.cli import sample
from hamgara.domain.demands.models import Demand
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.oversight import commands as oversight
from hamgara.domain.oversight.models import Review
from tests import factories as make
from tests.journeys.people import Visitor
from tests.oversight import examining as examine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

State = Demand.State
WRITTEN = "چراغ این کوچه در برنامهٔ ماه آینده است و پیش از آن هم نگهبان گذاشته‌ایم."


def test_a_colleague_merges_and_parts_again_while_another_officer_writes(visitor: Callable[..., Visitor]) -> None:
    unit = next(each.organisation for each in organisations.mandates_of(sample.person("leila")))
    make.mandate(unit, sample.person("hossein"))
    here = {"unit": unit, "field": make.field(), "place": make.city()}
    first = make.demand(title="چراغ کوچهٔ بهار خاموش است", **here)
    second = make.demand(ActingPerson(sample.person("zahra")), title="کوچهٔ بهار چراغ ندارد", **here)
    author = visitor(width=360, scripts=True).sign_in("zahra")
    slower = visitor(width=1280, scripts=True).sign_in("hossein").open(f"/inbox/{second.code}/")
    slower.unfold("decline").write("#decline", reason=WRITTEN)
    slower.page.locator("#decline select").select_option(index=1)

    faster = visitor(width=1280, scripts=True).sign_in("leila").open(f"/inbox/{second.code}/")
    assert faster.reads("حسین رضایی"), "whoever has it open is named to a colleague"
    faster.unfold("merge").write("#merge", into=first.code, reason="هر دو یک چراغ را می‌خواهند.").send("#merge form")
    assert faster.reads("دو مطالبه با هم پیش می‌روند")
    author.open(f"/demands/{second.code}/")
    assert author.reads("این مطالبه همراه با مطالبه‌ای همانند پیش می‌رود")
    assert author.reads(first.title)
    assert author.fits()

    slower.send("#decline form")
    assert Demand.objects.get(pk=second.pk).state == State.MERGED, "the later act changes nothing"
    told = f"{unit.name} پیش از شما اقدام کرد: این مطالبه از"
    assert slower.reads(told), "who was faster, though the officer works for another unit as well"
    assert WRITTEN in slower.page.locator("#decline textarea, main textarea").evaluate_all(
        "all => all.map(e => e.value)"
    )

    faster.open(f"/inbox/{second.code}/").unfold("unmerge")
    faster.write("#unmerge", reason="دو تیر چراغ جدا هستند.").send("#unmerge form")
    assert Demand.objects.get(pk=second.pk).state == State.RECEIVED
    author.open(f"/demands/{second.code}/")
    assert not author.reads("این مطالبه همراه با مطالبه‌ای همانند پیش می‌رود")
    assert author.reads("دو تیر چراغ جدا هستند."), "why it was parted stands on its page"
    assert author.complaints == faster.complaints == []


def test_the_author_appeals_against_a_verdict_and_a_second_panel_opens_the_demand_again(
    visitor: Callable[..., Visitor],
) -> None:
    by = ActingPerson(sample.person("zahra"))
    review = examine.settled(review=examine.drawn(bodies=6, author=by))
    demand = examine.demand_of(review)
    author = visitor(width=360, scripts=True).sign_in("zahra").open(f"/demands/{demand.code}/")
    with translation.override("fa"):
        closed = str(State.CLOSED.label)
    assert closed in author.page.locator("header.page-head").inner_text()
    author.open(f"/reviews/{review.code}/").write("#appeal", reason="چراغ‌ها شب‌ها خاموش است.").send("#appeal form")
    assert author.reads("اعتراض شما پذیرفته شد")
    examine.follow()
    second = Review.objects.get(appeal_of=review)
    author.open(f"/reviews/{review.code}/")
    assert author.reads("به نتیجه اعتراض شد؛ هیئت دیگری دوباره می‌سنجد")
    assert author.reads("چراغ‌ها شب‌ها خاموش است.")

    second = oversight.give_words(by=by, review=second, words="انار، سفال، نه")
    examine.settled(["broken"] * 3, review=examine.now(second))
    assert examine.demand_of(second).is_open
    author.open(f"/demands/{demand.code}/")
    with translation.override("fa"):
        now = str(State(examine.demand_of(second).state).label)
    head = author.page.locator("header.page-head").inner_text()
    assert now in head
    assert closed not in head
    assert author.fits()
    author.open(f"/reviews/{second.code}/")
    assert author.page.locator("#appeal").count() == 0, "a second panel decides for good"
    assert author.fits()
    assert author.complaints == []
