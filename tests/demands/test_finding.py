"""Finding demands: near duplicates in every spelling, lists, and how little the database is asked."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hamgara import clock
from hamgara.algorithms import tracking
from hamgara.algorithms.persian.text import key
from hamgara.domain.demands import commands, queries
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.demands.queries import Wanted
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.jobs import sequence
from hamgara.domain.ledger.queries import one_moment
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import Place
from hamgara.domain.people.models import Person
from tests import factories as make

pytestmark = pytest.mark.django_db

# What stands in the list, and the same wish as another neighbour would write it: spoken, mistyped, in other letters.
PAIRS = [
    ("روشنایی کوچهٔ گلستان کافی نیست", "کوچه گلستان شبا تاریکه روشنایی نداره"),
    ("برگزاری کلاس قرآن و نقاشی در فرهنگ‌سرای محله", "تو فرهنگسرا کلاس نقاشی و قران بذارین"),
    ("آسفالت خیابان امیرکبیر خراب است", "اسفالت خیابون امیرکبیر داغونه"),
    ("نبود کتابخانهٔ عمومی در محله", "محله ما كتابخانه ي عمومي ندارد"),
    ("ایمن‌سازی پیاده‌روی جلوی دبستان شهید بهشتی", "پیاده رو جلو دبستان شهید بهشتی ایمن نیست"),
    ("جمع‌آوری سگ‌های ولگرد پیرامون پارک ملت", "سگ ولگرد دور و بر پارک ملت زیاد شده"),
    ("مناسب‌سازی ورودی فرهنگ‌سرا برای ویلچر", "ورودی فرهنگسرا واسه ویلچر مناسبسازی بشه"),
    ("تعمیر سقف حمام تاریخی سلطان امیر احمد", "سقف حموم سلطان میراحمد چکه میکنه تعمیر کنید"),
    ("افزایش ساعت کار سالن ورزشی بانوان", "سالن ورزشی بانوان ساعتش کمه بیشترش کنید"),
    ("ایجاد خانهٔ سالمندان روزانه در منطقهٔ ۲", "یه خانه روزانه برای سالمندان منطقه 2 بسازید"),
    ("دیوارنویسی و زباله در گذر بازار مسگران", "گذر مسگرا پر آشغال و دیوار نوشته س"),
    ("آموزش مهارت زندگی برای نوجوانان", "واسه نوجوونا آموزش مهارتهای زندگی بذارید"),
]
WISHES = (
    "لایه‌روبی جوی آب {}", "کاشت درخت در حاشیهٔ {}", "نصب نیمکت در میدان {}", "جمع‌آوری زبالهٔ {}",
    "رفع گرفتگی کانال فاضلاب {}", "خط‌کشی عابر پیاده در {}", "تعمیر وسایل بازی بوستان {}", "نصب سرعت‌گیر در {}",
    "برپایی بازارچهٔ محلی {}", "شست‌وشوی سنگ‌فرش {}", "تعریض معبر {}", "اصلاح تابلوی {}",
)  # fmt: skip
NAMES = (
    "غیاث‌آباد",
    "لتحر",
    "فین بزرگ",
    "فین کوچک",
    "پشت مشهد",
    "محتشم",
    "سرپله",
    "طاهرآباد",
    "راوند",
    "خزاق",
    "درب باغ",
)


def many(demands: int, fields: list[Field], places: list[Place], title: str = "") -> None:
    """Rows straight into the table, where a test needs a crowd and not its history."""
    author = Person.objects.create(name="")
    unit = make.office()
    titles = [wish.format(name) for wish in WISHES for name in NAMES]
    Demand.objects.bulk_create(
        _keyed(
            Demand(
                # Chance would give two of two thousand one code in one run of six.
                code=tracking.with_check_digit(next(_number)),
                kind="request",
                title=title or titles[n % len(titles)],
                text="شرح",
                field=fields[n % len(fields)],
                place=places[n % len(places)],
                author=author,
                unit=unit,
                state=("received", "admitted", "answered")[n % 3],
                support_count=n % 40,
                latitude=33.98 + (n % 50) / 1000,
                longitude=51.42 + (n % 50) / 1000,
            )
        )
        for n in range(demands)
    )


def _keyed(demand: Demand) -> Demand:
    demand.title_key = key(demand.title)
    demand.search_key = f"{demand.title_key} {key(demand.text)}"
    return demand


_number = itertools.count()


# --- near duplicates -------------------------------------------------------------------------------------------------


@pytest.fixture
def crowd() -> dict[str, Demand]:
    """The originals among several hundred others; four newer ones elsewhere are worded exactly like each."""
    fields = [make.field() for _n in range(3)]
    places = [make.place() for _n in range(12)]
    many(400, fields, places)
    author = make.acting()
    found = {}
    for n, (title, _typed) in enumerate(PAIRS):
        with make.days_later(-n):
            found[title] = make.demand(author, title=title, field=fields[n % 3], place=places[n])
        for m in range(1, 5):
            many(1, [fields[n % 3]], [places[(n + m) % 12]], title=title)
    return found


def ranks(crowd: dict[str, Demand], **known: bool) -> list[int]:
    """At which place the original is offered to whoever writes it another way; 0 where it is not."""
    places = []
    for title, typed in PAIRS:
        original = crowd[title]
        given = {name: getattr(original, name) for name, use in known.items() if use}
        offered = [near.demand.pk for near in queries.nearest(typed, **given)]
        places.append(offered.index(original.pk) + 1 if original.pk in offered else 0)
    return places


def test_the_same_wish_in_other_words_is_offered_first_once_the_place_is_known(crowd: dict[str, Demand]) -> None:
    assert ranks(crowd, place=True) == [1] * len(PAIRS)
    assert ranks(crowd, place=True, field=True) == [1] * len(PAIRS)


def test_before_the_place_is_known_its_likes_from_elsewhere_are_offered_with_it(crowd: dict[str, Demand]) -> None:
    assert all(ranks(crowd)), "five are alike, and five are offered"


def test_the_same_wish_elsewhere_stands_behind_the_one_here() -> None:
    field, here, elsewhere = make.field(), make.place(), make.place()
    there = make.demand(title="خرابی آسفالت کوچهٔ نهم", field=field, place=elsewhere)
    near = make.demand(title="آسفالت کوچهٔ نهم خراب است", field=field, place=here)
    assert [each.demand for each in queries.nearest("خرابی آسفالت کوچه نهم", place=here, field=field)] == [near, there]


def test_a_neighbour_across_the_border_of_two_neighbourhoods_is_near() -> None:
    field, here, elsewhere = make.field(), make.place(), make.place()
    point = (33.9850, 51.4300)
    across = make.demand(title="چراغ سر گذر خاموش است", field=field, place=elsewhere, point=(33.9860, 51.4310))
    far = make.demand(title="چراغ سر گذر خاموش است", field=field, place=elsewhere, point=(33.9990, 51.4900))
    offered = queries.nearest("چراغ سر گذر خاموشه", place=here, field=field, point=point)
    assert [each.demand for each in offered] == [across, far]
    assert offered[0].likeness > 2 * offered[1].likeness


def test_only_open_demands_are_offered() -> None:
    title, officer = "بازسازی بازارچهٔ محله", make.office_officer()
    received = make.demand(title=title)
    declined = make.demand(title=title)
    commands.decline(by=officer, demand=declined, reason_code="unclear", reason="نه")
    refused = make.admitted(title=title, officer=officer)
    commands.refuse(by=officer, demand=refused, reason_code="against_law", reason="نه")
    assert [near.demand for near in queries.nearest(title)] == [received]
    assert queries.nearest(title, but=received) == []


def test_a_title_of_one_letter_or_none_offers_nothing() -> None:
    make.demand()
    for typed in ("", "د", "؟!", "\u200c", "  "):
        assert queries.nearest(typed) == []


def test_a_title_like_no_other_offers_nothing() -> None:
    make.demand(title="کاشت درخت در حاشیهٔ خیابان")
    assert queries.nearest("zebra crossing") == []


def test_the_nearest_are_asked_of_the_index(crowd: dict[str, Demand]) -> None:
    from django.contrib.postgres.search import TrigramDistance
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE demands_demand")
        cursor.execute("SET LOCAL enable_seqscan = off")
    open_ones = Demand.objects.filter(state__in=Demand.OPEN)
    plan = open_ones.annotate(apart=TrigramDistance("title_key", "کوچه")).order_by("apart")[:5].explain()
    assert "demand_title_nearest" in plan


# --- lists -----------------------------------------------------------------------------------------------------------


def titles(**wanted: Any) -> list[str]:
    return [demand.title for demand in queries.listing(Wanted(**wanted))]


@pytest.mark.parametrize(
    "words", ["كتابخانه", "کتابخانه‌ی", "کتابخونه محله", "کتابخانه‌های محلات", "کتابخانهٔ عمومی، محله!"]
)
def test_words_are_found_in_every_spelling(words: str) -> None:
    make.demand(title="نبود کتابخانهٔ عمومی", text="در محلهٔ ما")
    make.demand(title="خاموشی چراغ کوچه")
    assert titles(words=words) == ["نبود کتابخانهٔ عمومی"]


def test_a_tracking_code_typed_as_words_finds_its_demand() -> None:
    demand, _other = make.demand(), make.demand()
    assert titles(words=demand.shown_code) == [demand.title]


def test_words_of_nothing_but_signs_ask_for_nothing() -> None:
    make.demand()
    assert len(titles(words="؟؟؟ %_")) == 1


def test_a_list_is_narrowed_by_field_place_state_kind_and_unit() -> None:
    culture, district, unit = make.field(), make.place(level="district"), make.unit()
    inside = make.place(within=district)
    part = make.field(parent=culture)
    demand = make.demand(field=part, place=inside, kind="proposal", unit=unit)
    make.demand()
    for wanted in (
        {"field": culture},
        {"field": part},
        {"place": district},
        {"place": inside},
        {"kind": "proposal"},
        {"unit": unit},
        {"author": demand.author},
    ):
        assert titles(**wanted) == [demand.title], wanted
    assert titles(field=culture, states=["admitted"]) == []


def test_a_list_is_ordered_as_asked() -> None:
    first, second, third = (make.demand(point=(33.98 + n / 100, 51.42)) for n in range(3))
    commands.support(by=make.acting(), demand=second)
    officer = make.office_officer()
    with make.days_later(1):
        commands.admit(by=officer, demand=first)
    assert titles() == [third.title, second.title, first.title]
    assert titles(sort="supported")[0] == second.title
    assert titles(sort="deadline")[-1] == first.title
    assert titles(sort="near", near=(33.989, 51.42)) == [second.title, first.title, third.title]


def here_and_there() -> tuple[Place, Place]:
    """Two neighbourhoods, one five hundredths of a degree north of the other."""
    return tuple(  # type: ignore[return-value]
        organisations.add_place(
            by=FOUNDERS,
            code=code,
            name=code,
            level="neighbourhood",
            within=make.city(),
            latitude=33.95 + north,
            longitude=51.42,
            source="test",
        )
        for code, north in (("south", 0.0), ("north", 0.05))
    )


def test_a_demand_without_a_point_of_its_own_is_as_near_as_its_neighbourhood() -> None:
    south, north = here_and_there()
    of_the_north, of_the_south = make.demand(place=north), make.demand(place=south)
    between = make.demand(place=north, point=(33.97, 51.42))
    assert titles(sort="near", near=(33.94, 51.42)) == [of_the_south.title, between.title, of_the_north.title]
    assert titles(sort="near", near=(34.01, 51.42)) == [of_the_north.title, between.title, of_the_south.title]


def test_what_concerns_the_whole_city_or_a_place_that_is_on_no_map_is_near_to_nobody() -> None:
    make.demand(place=make.city())
    make.demand(place=make.place())
    pointed = make.demand(place=make.city(), point=(33.97, 51.42))
    wanted = Wanted(sort="near", near=(33.98, 51.42))
    assert titles(sort="near", near=(33.98, 51.42)) == [pointed.title]
    assert queries.counted(wanted) == queries.listing(wanted).count() == 1


def test_how_many_are_on_the_map_is_counted_once_for_readers_anywhere(
    django_assert_max_num_queries: Any,
) -> None:
    south, _north = here_and_there()
    make.demand(place=south)
    sequence()
    assert queries.counted(Wanted(sort="near", near=(33.98, 51.42))) == 1
    with django_assert_max_num_queries(1):  # the look for news
        assert queries.counted(Wanted(sort="near", near=(34.01, 51.39))) == 1
    make.demand(place=south)
    assert queries.counted(Wanted(sort="near", near=(33.98, 51.42))) == 2


def test_the_overdue_can_be_asked_for() -> None:
    late = make.demand()
    assert late.deadline is not None
    with make.days_later((late.deadline - clock.today()).days + 1):
        make.demand()
        assert titles(overdue=True) == [late.title]


def test_a_page_that_is_no_number_is_the_first_and_one_too_far_the_last() -> None:
    many(25, [make.field()], [make.place()])
    found = queries.listing(Wanted())
    assert queries.page(found, "x").number == 1
    assert queries.page(found, "999").number == 2
    assert len(queries.page(found, "2").object_list) == 5


@pytest.mark.parametrize(
    "wanted", [{}, {"words": "درخت"}, {"sort": "supported"}, {"sort": "near", "near": (34.0, 51.4)}]
)
def test_a_page_of_a_list_takes_two_queries_and_a_look_for_news_with_two_thousand_demands(
    django_assert_num_queries: Any, wanted: dict[str, Any]
) -> None:
    many(2000, [make.field(), make.field()], [make.place(), make.place()])
    sequence()
    queries.page(queries.listing(Wanted()), 1)[0]  # the registers are read, and kept from now on
    with django_assert_num_queries(3):
        for demand in queries.page(queries.listing(Wanted(**wanted)), 1):
            assert demand.field.label
            assert demand.place.label
            assert demand.unit.label
            assert demand.on_behalf is None
            assert demand.shown_code
            assert demand.is_overdue in (True, False)
            assert demand.get_state_display()
            assert demand.reason_label == ""


def test_one_demand_with_all_that_belongs_to_it_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    officer = make.office_officer()
    demand = make.admitted(officer=officer, files=commands.made_safe([make.photo()]))
    for _n in range(3):
        commands.comment(by=make.acting(), demand=demand, text="دیدگاه")
        commands.support(by=make.acting(), demand=demand)
    commands.explain(by=officer, demand=demand, text="پاسخ")
    commands.merge(by=officer, demand=make.demand(), into=demand)
    sequence()
    queries.by_code(demand.code)  # the registers are read, and kept from now on
    with django_assert_max_num_queries(9), one_moment():
        found = queries.by_code(demand.code)
        assert found is not None
        detail = queries.detail(found, officer.person, words=True, private=False, concerned=False)
        assert [step.verb for step in detail.timeline] == ["submitted", "admitted", "explained", "merged"]
        assert len(detail.comments) == 3
        assert [comment.organisation for comment in detail.comments] == [None] * 3
        assert [answer.unit.label for answer in detail.answers]
        assert detail.attachments
        assert detail.merged_here
        assert detail.title


def test_figures_of_two_thousand_demands_are_one_query_and_kept() -> None:
    many(2000, [make.field()], [make.place()])
    sequence()  # what is counted while news is on its way is not kept
    with one_moment(), CaptureQueriesContext(connection) as asked:
        figures = queries.figures()
    # The others ask the ledger whether what was counted before is still so.
    assert sum("demands_demand" in each["sql"] for each in asked) == 1
    assert (figures.asked, figures.open) == (2000, 2000)
    with one_moment(), CaptureQueriesContext(connection) as again:
        assert queries.figures() == figures
    assert not any("demands_demand" in each["sql"] for each in again)


def test_fields_stand_in_their_rank_with_their_parts_below() -> None:
    last = make.field("عمران", rank=50)
    first = make.field("فرهنگی", rank=1)
    part = make.field("کتابخانه", parent=first)
    assert queries.field_tree() == (first, part, last)
    assert list(queries.fields_within(first)) == [first, part]
    assert queries.field_line(part) == [first, part]
