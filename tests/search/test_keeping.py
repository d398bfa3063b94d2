"""What the search reads is kept as things are: by the follower, by the first fill, and by the words of every hour."""

from __future__ import annotations

import pytest
from django.db import connection

from hamgara.cli import prepare
from hamgara.domain.demands import commands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Bookmark
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.search import jobs, queries
from hamgara.domain.search.models import Document, Word
from hamgara.domain.search.queries import Asked
from tests import factories as make
from tests.commitments import promises

pytestmark = pytest.mark.django_db


def found(words: str, **asked: object) -> set[str]:
    """The codes of the demands that these words find."""
    rows = queries.find(Asked(words=words, **asked)).rows  # type: ignore[arg-type]
    return {row.code for row in rows.get("demand", [])}


def shadows() -> list[tuple[object, ...]]:
    return list(Document.objects.order_by("kind", "at", "stems").values_list("kind", "stems", "at", "version"))


def a_city() -> list[Demand]:
    officer = make.office_officer()
    answered = make.admitted(title="چراغ بوستان", officer=officer)
    commands.explain(by=officer, demand=answered, text="چراغ‌ها سفارش داده شد.")
    make.organisation("انجمن بوستان‌ها")
    withdrawn = make.demand(title="چراغ میدان")
    commands.withdraw(by=make.acting(withdrawn.author), demand=withdrawn)
    return [answered, make.demand(title="نیمکت بوستان")]


def test_the_first_fill_makes_what_the_follower_would_have_made() -> None:
    a_city()
    catch_up()
    followed = shadows()
    Document.objects.all().delete()
    Bookmark.objects.all().delete()
    assert queries.lacking() == len(followed)
    assert jobs.fill(lambda line: None) == len(followed)
    assert shadows() == followed
    assert queries.lacking() == 0


def test_a_second_fill_does_nothing_and_a_fill_anew_changes_nothing() -> None:
    a_city()
    jobs.fill(lambda line: None)
    before = shadows()
    assert jobs.fill(lambda line: None) == 0
    assert jobs.fill(lambda line: None, anew=True) == len(before)
    assert shadows() == before


def test_a_fill_that_breaks_off_goes_on_where_it_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    monkeypatch.setattr(jobs, "FILL", 1)
    told: list[str] = []

    def break_off(line: str) -> None:
        told.append(line)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.fill(break_off)
    assert Document.objects.count() == 2
    missing = queries.lacking()
    assert jobs.fill(lambda line: None) == missing
    assert queries.lacking() == 0


def test_after_a_first_fill_the_follower_starts_where_the_ledger_stood() -> None:
    a_city()
    catch_up()
    Bookmark.objects.filter(follower=jobs.FOLLOWER).delete()
    jobs.fill(lambda line: None)
    assert Bookmark.objects.get(follower=jobs.FOLLOWER).position == ledger.head()
    demand = make.demand(title="سایه‌بان ایستگاه")
    catch_up()
    assert found("سایه‌بان") == {demand.code}


def test_support_and_following_make_the_follower_write_nothing() -> None:
    demand = make.demand()
    catch_up()
    before = Document.objects.values_list("pk", "stems", "at").get(demand=demand)
    commands.support(by=make.acting(), demand=demand)
    assert not {event.KIND for event in jobs.READ} & {"demands.supported", "demands.followed", "demands.commented"}
    catch_up()
    assert Document.objects.values_list("pk", "stems", "at").get(demand=demand) == before


def test_whoever_renames_a_place_or_field_renames_what_is_found_by_it() -> None:
    district = make.place("ناحیهٔ باغستان", level="district")
    place, field = make.place("کوی شقایق", within=district), make.field("روان‌آب‌ها")
    demand = make.demand(title="گرفتگی لوله", place=place, field=field)
    catch_up()
    assert found("شقایق") == found("باغستان") == found("روان‌آب") == {demand.code}
    organisations.change_place(by=FOUNDERS, place=district, name="ناحیهٔ نارنجستان")
    commands.change_field(by=FOUNDERS, field=field, name="سیلاب‌ها")
    catch_up()
    assert found("نارنجستان") == found("سیلاب") == found("شقایق") == {demand.code}
    assert found("باغستان") == found("روان‌آب") == set()


def test_a_document_goes_with_its_row() -> None:
    demand = make.demand()
    catch_up()
    Document.objects.get(demand=demand)
    Demand.objects.filter(pk=demand.pk).delete()
    assert not Document.objects.filter(kind="demand").exists()


def test_a_commitment_is_found_by_its_words_and_its_promiser_once_it_is_promised() -> None:
    demand, body = make.admitted(title="نیمکت بوستان"), make.organisation("خیریهٔ آفتاب")
    promised = promises.promised(demand, make.head_of(body), title="خرید پنج نیمکت چوبی")
    catch_up()
    for words, wanted in (("چوبی", [promised]), ("خیریهٔ آفتاب", [promised]), ("بوستان چوبی", [])):
        assert queries.find(Asked(words=words)).rows.get("commitment", []) == wanted, words


def test_words_are_gathered_of_what_is_published_and_stands_twice() -> None:
    for _n in range(2):
        hidden = make.demand(title="بلندگوی مزاحم")
        commands.withdraw(by=make.acting(hidden.author), demand=hidden)
    for title in ("کبوترخانهٔ قدیمی", "كبوترخانه فرو ریخته", "کبوترخانه", "گلخانهٔ نو"):
        make.demand(title=title)
    jobs.gather_words()
    words = dict(Word.objects.values_list("key", "count"))
    assert words["کبوترخانه"] == 3
    assert Word.objects.get(key="کبوترخانه").written == "کبوترخانه"
    assert not {"بلندگوی", "گلخانه", "قدیمی"} & words.keys()


@pytest.mark.django_db(transaction=True)
def test_a_city_of_an_earlier_version_is_filled_when_it_is_prepared() -> None:
    here = connection.settings_dict
    url = f"postgresql://{here['USER']}@/{here['NAME']}?host={here['HOST']}"
    assert not prepare.nothing_can_be_found(url), "an empty city has nothing to find"
    make.demand(title="چراغ میدان")
    assert prepare.nothing_can_be_found(url)
    step = next(step for step in prepare.needed(url, sample=False) if step.__doc__ == "search index")
    step()
    assert found("چراغ")
    assert not prepare.nothing_can_be_found(url)
