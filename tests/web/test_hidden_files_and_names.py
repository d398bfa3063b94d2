"""A hidden photo, paper or name is gone from every page and address, and its reason stands in its place."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.urls import reverse

from hamgara.domain.commitments import commands as commitments
from hamgara.domain.commitments.models import EvidenceFile
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.commands import made_safe
from hamgara.domain.demands.models import Demand
from hamgara.domain.moderation import commands
from hamgara.domain.moderation.models import Report
from hamgara.domain.oversight.models import VerdictFile
from tests import factories as make
from tests.commitments import promises
from tests.moderation import reporting
from tests.oversight import examining as examine
from tests.web.readers import citizen, once, reader, said
from tests.web.sending import few_queries, fill_in, served

pytestmark = pytest.mark.django_db


@dataclass
class Kept:
    """A file, the page on which it stands, its own address, and the code of its case."""

    page: str
    address: str
    case: str


def of_demand() -> Kept:
    demand = make.demand(unit=make.unit(), files=made_safe([make.photo()]))
    file = demand.attachments.get()
    address = reverse("demands:file", args=[demand.code, file.pk])
    return Kept(reverse("demands:detail", args=[demand.code]), address, f"demand-file.{file.pk}")


def of_evidence() -> Kept:
    commitment = promises.under_way(promises.promised(make.admitted(unit=make.unit())))
    by = promises.leader(commitment)
    commitments.report_progress(by=by, commitment=commitment, text="کار", files=made_safe([make.photo()]))
    file = EvidenceFile.objects.get()
    address = reverse("commitments:file", args=[commitment.code, file.pk])
    return Kept(reverse("commitments:detail", args=[commitment.code]), address, f"evidence.{file.pk}")


def of_finding() -> Kept:
    review = examine.drawn()
    first, *others = examine.called(review)
    examine.answer(first, "kept", files=made_safe([make.photo()]))
    for seat in others:
        examine.answer(seat, "kept")
    examine.follow()
    file = VerdictFile.objects.get()
    address = reverse("reviews:file", args=[review.code, file.pk])
    return Kept(reverse("reviews:detail", args=[review.code]), address, f"finding.{file.pk}")


@pytest.mark.parametrize("kept", [of_demand, of_evidence, of_finding], ids=lambda each: each.__name__)
def test_a_file_is_reported_hidden_and_shown_again(kept: object) -> None:
    it: Kept = kept()  # type: ignore[operator]
    visitor, officer = reader(), make.office_officer()
    office = reader(officer.person, second_factor=True)
    case_page, deciding = f"/moderation/{it.case}/", f"/office/moderation/{it.case}/"
    assert case_page in visitor.get(it.page).content.decode()
    assert fill_in(citizen(), case_page, f"{case_page}report/", reason="personal_data").status_code == 302
    assert Report.objects.get().case.code == it.case
    assert f"{deciding}file/" in office.get("/office/moderation/").content.decode()
    assert served(office, f"{deciding}file/")[0] == 200

    hidden = office.post(deciding, {"verb": "hide", "reason": "personal_data", "words": "چهرهٔ کسی", "once": once()})
    assert hidden.status_code == 302
    page = visitor.get(it.page)
    assert it.address not in page.content.decode()
    assert "چهرهٔ کسی" in said(page)
    for browser in (visitor, citizen(), office):
        gone = browser.get(it.address)
        assert gone.status_code == 410
        assert "چهرهٔ کسی" in said(gone)
        assert "image" not in gone.headers["Content-Type"]
    status, sniffing, content = served(office, f"{deciding}file/")
    assert (status, sniffing) == (200, "nosniff")
    assert content
    assert citizen().get(f"{deciding}file/").status_code == 403

    commands.restore(by=officer, case=reporting.found(it.case), words="چهره‌ای نیست")
    assert it.address in visitor.get(it.page).content.decode()
    assert served(visitor, it.address)[0] == 200


def test_a_finding_cannot_be_reported_before_it_is_public() -> None:
    review = examine.drawn()
    examine.answer(examine.called(review)[0], "kept", files=made_safe([make.photo()]))
    address = f"/moderation/finding.{VerdictFile.objects.get().pk}/"
    assert citizen().get(address).status_code == 404
    assert citizen().post(f"{address}report/", {"reason": "spam"}).status_code == 404


def test_a_page_with_many_files_asks_no_more_of_the_database() -> None:
    demand = make.demand(unit=make.unit(), files=made_safe([make.photo(colour=each) for each in ("red", "blue")]))
    for file in demand.attachments.all():
        commands.hide(by=make.office_officer(), case=reporting.found(f"demand-file.{file.pk}"), reason="spam")
    visitor = reader()
    visitor.get(f"/demands/{demand.code}/")
    with few_queries(9):
        visitor.get(f"/demands/{demand.code}/")


# --- names -----------------------------------------------------------------------------------------------------------

NAME = "پروانه گلابچی"


@pytest.fixture
def named() -> Demand:
    """A demand and a comment of somebody who shows their name with both."""
    author = make.acting(make.person(NAME))
    demand = make.demand(author, unit=make.unit(), show_name=True)
    demands.comment(by=author, demand=demand, text="هنوز همان است", show_name=True)
    return demand


def test_a_name_is_hidden_where_it_was_reported_and_what_was_said_stays(named: Demand) -> None:
    page, comment = f"/demands/{named.code}/", named.comments.get()
    visitor = reader()
    assert visitor.get(page).content.decode().count(NAME) == 2
    for code in (f"demand-name.{named.code}", f"comment-name.{comment.key}"):
        assert NAME in said(visitor.get(f"/moderation/{code}/"))
        sent = citizen().post(f"/moderation/{code}/report/", {"reason": "personal_data", "once": once()})
        assert sent.status_code == 302
        commands.hide(by=make.office_officer(), case=reporting.found(code), reason="personal_data")
        assert NAME not in said(visitor.get(f"/moderation/{code}/"))
    told = said(visitor.get(page))
    assert NAME not in told
    assert "هنوز همان است" in told
    assert told.count("name hidden") == 2
    office = make.office_officer()
    officer = reader(office.person, second_factor=True)
    assert NAME not in said(officer.get(page))
    demands.look(by=office, demand=named, reason_code="reach_author")
    assert NAME in said(officer.get(page)), "an officer who said why they need it"


def test_a_name_that_is_not_shown_cannot_be_reported() -> None:
    author = make.acting(make.person(NAME))
    demand = make.demand(author, unit=make.unit())
    comment = demands.comment(by=author, demand=demand, text="سخن")
    for code in (f"demand-name.{demand.code}", f"comment-name.{comment.key}"):
        answer = citizen().get(f"/moderation/{code}/")
        assert answer.status_code == 404
        assert NAME not in said(answer)
        assert citizen().post(f"/moderation/{code}/report/", {"reason": "spam"}).status_code == 404


def test_the_name_of_a_hidden_comment_is_hidden_with_it(named: Demand) -> None:
    comment = named.comments.get()
    commands.hide(by=make.office_officer(), case=reporting.case_of(comment), reason="spam")
    assert citizen().get(f"/moderation/comment-name.{comment.key}/").status_code == 404
    assert reader().get(f"/demands/{named.code}/").content.decode().count(NAME) == 1


def test_a_comments_page_leads_to_the_name_beside_it(named: Demand) -> None:
    comment = named.comments.get()
    page = citizen().get(f"/moderation/comment.{comment.key}/").content.decode()
    assert f"/moderation/comment-name.{comment.key}/" in page


def test_the_author_of_a_hidden_name_reads_it_and_appeals(named: Demand) -> None:
    code = f"demand-name.{named.code}"
    commands.hide(by=make.office_officer(), case=reporting.found(code), reason="personal_data")
    address, author = f"/moderation/{code}/", reader(named.author)
    assert NAME in said(author.get(address))
    assert fill_in(author, address, f"{address}appeal/", words="نام خود من است").status_code == 302
    assert reporting.found(code).state == "appealed"
