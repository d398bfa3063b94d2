"""A demand on paper: what everybody may read, in Persian, tagged for screen readers, with the way back to the page."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.utils import translation

from hamgara.algorithms.persian.digits import to_persian
from hamgara.cli import assets
from hamgara.domain.demands import commands
from hamgara.domain.demands.models import Demand
from hamgara.web.demands import paper as papers
from tests import factories as make
from tests.oversight import examining as examine
from tests.web.readers import reader

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(assets.stale(), reason="not built yet: run «hamgara assets»"),
]


def on_paper(demand: Demand, browser: Client | None = None) -> pypdf.PdfReader:
    answer = (browser or reader(language="fa")).get(f"/demands/{demand.code}/file.pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return pypdf.PdfReader(io.BytesIO(answer.content))


def words_of(demand: Demand, language: str = "fa") -> str:
    """All that the template is given, as one text: a PDF keeps Persian in the order of its glyphs."""
    found: list[str] = []

    def gather(value: Any) -> None:
        if isinstance(value, dict):
            for each in value.values():
                gather(each)
        elif isinstance(value, list | tuple):
            for each in value:
                gather(each)
        else:
            found.append(str(value))

    with translation.override(language):
        gather(papers.content(Demand.objects.get(pk=demand.pk), "http://testserver/x/"))
    return "\n".join(found)


def test_it_is_tagged_titled_and_in_persian() -> None:
    demand = make.admitted(title="روشنایی کوچهٔ گلستان", text="شب‌ها تاریک است.\nاز پارسال.")
    made = on_paper(demand)
    catalogue = made.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "fa"
    assert "/StructTreeRoot" in catalogue
    assert made.metadata is not None
    assert made.metadata.title == "روشنایی کوچهٔ گلستان"
    assert b"pdfuaid" in made.xmp_metadata.stream.get_data()  # type: ignore[union-attr]
    links = [each.get_object() for each in made.pages[0].get("/Annots", [])]
    assert f"http://testserver/demands/{demand.code}/" in {each["/A"]["/URI"] for each in links}
    fonts = made.pages[0]["/Resources"]["/Font"].values()
    assert all("Vazirmatn" in each.get_object()["/BaseFont"] for each in fonts)


def test_the_claim_and_what_was_found_stand_apart() -> None:
    commitment = examine.settled(("broken", "broken", "broken")).commitment
    commitment.refresh_from_db()
    with translation.override("en"):
        told = papers._promised(commitment)
    assert told["claim"]["words"] == "Reported done."
    assert told["claim"]["said"] == commitment.claim
    assert told["verified"]["words"] == "not kept, verified"
    assert commitment.title in words_of(commitment.demand)
    assert len(on_paper(commitment.demand).pages) >= 1


def test_nothing_that_only_some_may_see_is_on_it() -> None:
    author = make.person("پنهان پنهانی")
    demand = make.demand(make.acting(author), address="کوچهٔ دهم، پلاک ۷")
    for secret in ("پنهان", "پلاک"):
        assert secret not in words_of(demand)
    assert len(on_paper(demand, reader(author)).pages) == len(on_paper(demand).pages)
    assert to_persian(demand.shown_code) in words_of(demand)


@pytest.mark.parametrize(
    "words",
    [
        '#sys.inputs #panic("x") $x$ *پررنگ* _کج_ = سرتیتر',
        "\\u{41} `کد` <label> @ref // یادداشت",
        "چراغ 😀 漢字 \u202e خاموش",
        "خ" * 120,
    ],
)
def test_what_people_write_is_never_markup(words: str) -> None:
    demand = make.admitted(title=words, text=words)
    made = on_paper(demand)
    assert made.metadata is not None
    assert made.metadata.title
    assert "panic" not in words or "#panic" in made.metadata.title


def test_what_is_not_published_is_on_no_paper() -> None:
    demand = make.demand()
    commands.withdraw(by=make.acting(demand.author), demand=demand)
    assert reader(demand.author).get(f"/demands/{demand.code}/file.pdf").status_code == 404
    assert "file.pdf" not in reader().get(f"/demands/{demand.code}/").content.decode()
    assert reader().get("/demands/00000000/file.pdf").status_code == 404


def test_a_long_demand_goes_on_over_the_pages() -> None:
    demand = make.admitted(text="\n".join(f"بند {n}: " + "چراغ این کوچه خاموش است. " * 2 for n in range(60)))
    assert len(on_paper(demand).pages) > 1


def test_the_page_leads_to_its_paper_in_both_languages() -> None:
    demand = make.admitted()
    page = reader().get(f"/demands/{demand.code}/").content.decode()
    assert f"/demands/{demand.code}/file.pdf" in page
    english = on_paper(demand, reader())
    assert english.trailer["/Root"]["/Lang"] == "en"
