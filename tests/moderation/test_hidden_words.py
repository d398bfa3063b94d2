"""Words of a demand, an answer or a report of work that tell of somebody: hidden, nothing shows them; then gone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hamgara.algorithms import commitment as commitments_of
from hamgara.domain.commitments import commands as commitments
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import Refused
from hamgara.domain.ledger.events import CLOCK
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry, Opening
from hamgara.domain.moderation import commands, jobs, policies
from hamgara.domain.moderation.models import Case
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.people import commands as people
from hamgara.domain.people import jobs as people_jobs
from hamgara.web.demands.paper import content
from tests import factories as make
from tests.commitments import promises
from tests.moderation.reporting import found, now
from tests.web.readers import said

pytestmark = pytest.mark.django_db

SECRET = "همسایهٔ پلاک دوازده"
Said = tuple[str, Demand]  # the code of the case, and where it stands


def title() -> Said:
    demand = make.demand(make.acting(), unit=make.unit(), title=f"شکایت از {SECRET} برای سروصدا")
    return f"demand-title.{demand.code}", demand


def text() -> Said:
    demand = make.demand(make.acting(), unit=make.unit(), text=f"کار {SECRET} است.")
    return f"demand-text.{demand.code}", demand


def explanation() -> Said:
    demand = make.admitted(unit=make.unit())
    answer = demands.explain(by=make.officer(demand.unit), demand=demand, text=f"با {SECRET} سخن گفتیم.")
    return f"answer.{answer.pk}", demand


def refusal() -> Said:
    demand = make.admitted(unit=make.unit())
    by = make.officer(demand.unit)
    demands.refuse(by=by, demand=demand, reason_code="against_law", reason=f"زمین از {SECRET} است.")
    return f"answer.{demand.answers.get().pk}", demand


def progress() -> Said:
    commitment = promises.under_way(promises.promised(make.admitted(unit=make.unit())))
    by = promises.leader(commitment)
    commitments.report_progress(by=by, commitment=commitment, text=f"به خانهٔ {SECRET} رفتیم.")
    return f"progress.{commitment.progress.get().pk}", commitment.demand


THINGS: list[Callable[[], Said]] = [title, text, explanation, refusal, progress]
every_thing = pytest.mark.parametrize("say", THINGS, ids=[each.__name__ for each in THINGS])


def pages(demand: Demand) -> dict[str, str]:
    """What everybody reads of it, wherever that is."""
    catch_up()
    browser = Client(headers={"accept-language": "fa"})
    shown = {
        name: browser.get(address)
        for name, address in {
            "page": f"/demands/{demand.code}/",
            "list": "/demands/",
            "file": "/demands/demands.jsonl",
            "search": f"/search/?q={SECRET}",
            "found": f"/search/search.jsonl?q={SECRET}",
            "ledger": "/ledger/",
            **{each.code: f"/commitments/{each.code}/" for each in demand.commitments.all()},
        }.items()
    }
    assert {name: answer.status_code for name, answer in shown.items()} == dict.fromkeys(shown, 200)
    paper = repr(content(Demand.objects.get(pk=demand.pk), "https://city.example/"))
    return {"paper": paper} | {
        name: b"".join(answer).decode() if answer.streaming else said(answer)  # type: ignore[call-overload]
        for name, answer in shown.items()
    }


def showing(demand: Demand) -> set[str]:
    # The box of the search repeats what was asked for; what was found is in the file.
    return {name for name, page in pages(demand).items() if name != "search" and SECRET in page}


def hidden(code: str, reason: str = "personal_data") -> Case:
    commands.hide(by=make.office_officer(), case=found(code), reason=reason, words="")
    return found(code)


def opens(entry: Entry) -> bool:
    """Every commitment of the entry that something still opens is opened by it."""
    body = json.loads(bytes(entry.canonical))
    for opening in entry.openings.all():
        part, name = opening.field.split(".")
        made = commitments_of.commit(opening.field, opening.value, bytes(opening.salt))
        if body[part][name] != {"commitment": made}:
            return False
    return True


@every_thing
def test_hidden_words_stand_on_no_page_file_search_or_paper_and_the_reason_does(say: Callable[[], Said]) -> None:
    code, demand = say()
    assert showing(demand)
    before = {entry.pk: bytes(entry.canonical) for entry in Entry.objects.all()}
    case = hidden(code)
    assert showing(demand) == set()
    where = "page" if case.commitment is None else case.commitment.code
    assert "چیزی شخصی از کسی را فاش می‌کند" in pages(demand)[where]
    assert SECRET not in repr(list(Demand.objects.values()))
    assert not [each for each in Opening.objects.all() if SECRET in str(each.value)]
    assert {entry.pk: bytes(entry.canonical) for entry in Entry.objects.filter(pk__in=before)} == before


@every_thing
def test_no_entry_holds_the_words_themselves(say: Callable[[], Said]) -> None:
    say()
    assert not [entry for entry in Entry.objects.all() if SECRET in bytes(entry.canonical).decode()]


@every_thing
def test_shown_again_they_are_as_they_were_and_open_their_commitments(say: Callable[[], Said]) -> None:
    code, demand = say()
    places, openings = showing(demand), sorted(Opening.objects.values_list("entry_id", "field", "value"))
    reason = Demand.objects.get(pk=demand.pk).state_reason
    case = hidden(code)
    commands.restore(by=make.office_officer(), case=case, words="نام کسی نبود")
    assert showing(demand) == places
    assert now(case).kept_words == ""
    assert now(case).sealed == []
    assert Demand.objects.get(pk=demand.pk).state_reason == reason
    again = [each for each in sorted(Opening.objects.values_list("entry_id", "field", "value")) if each in openings]
    assert again == openings
    assert all(opens(entry) for entry in Entry.objects.all())


@every_thing
def test_what_tells_of_somebody_is_destroyed_when_nobody_can_appeal_any_more(say: Callable[[], Said]) -> None:
    code, demand = say()
    case = hidden(code)
    with make.days_later(30):
        jobs.let_time_pass()
        assert now(case).kept_words
    with make.days_later(31):
        jobs.let_time_pass()
        jobs.let_time_pass()
        gone = now(case)
        assert (gone.kept_words, gone.sealed, gone.words_gone) == ("", [], True)
        assert Entry.objects.filter(kind="moderation.words_destroyed").count() == 1
        assert all(opens(entry) for entry in Entry.objects.all())
        assert showing(demand) == set()
        with pytest.raises(Refused):
            commands.restore(by=make.office_officer(), case=gone, words="دوباره")
        assert not policies.may_appeal(ActingPerson(gone.author) if gone.author else None, gone)


def test_a_promise_is_not_found_by_the_hidden_title_of_its_demand(client: Client) -> None:
    demand = make.admitted(unit=make.unit(), title=f"شکایت از {SECRET} برای سروصدا")
    promises.promised(demand)

    def is_found() -> bool:
        return (
            "/commitments/" + demand.commitments.get().code in client.get(f"/commitments/?q={SECRET}").content.decode()
        )

    assert is_found()
    case = hidden(f"demand-title.{demand.code}")
    assert not is_found()
    commands.restore(by=make.office_officer(), case=now(case), words="نام کسی نبود")
    assert is_found()


def test_words_that_were_hidden_for_another_reason_are_kept() -> None:
    case = hidden(text()[0], reason="insult")
    with make.days_later(400):
        jobs.let_time_pass()
        assert SECRET in now(case).kept_words


def test_only_the_house_destroys_and_only_when_the_time_has_come() -> None:
    code, _demand = text()
    for state in (Case.State.QUIET, Case.State.HIDDEN):
        case = hidden(code) if state == Case.State.HIDDEN else found(code)
        for by in (make.office_officer(), make.acting(), CLOCK):
            assert not policies.may_destroy_words(by, case)
            with pytest.raises(Refused):
                commands.destroy_words(by=by, case=case)
    commands.appeal(by=ActingPerson(case.demand.author), case=now(case), words="نام کسی نیست")
    with make.days_later(90):
        assert not policies.may_destroy_words(CLOCK, now(case))
        commands.dismiss_appeal(by=make.office_officer(), case=now(case), words="هست")
        assert policies.may_destroy_words(CLOCK, now(case))


def test_whoever_wrote_it_still_reads_it_and_appeals_and_so_does_the_unit_for_its_answer() -> None:
    code, demand = explanation()
    officer, case = make.officer(demand.unit), hidden(code)
    assert policies.may_appeal(officer, case)
    assert SECRET in case.words
    commands.appeal(by=officer, case=case, words="کسی نام برده نشده است")
    commands.grant_appeal(by=make.office_officer(), case=now(case), words="درست است")
    assert "page" in showing(demand)


def test_an_erased_person_leaves_no_hidden_words() -> None:
    code, demand = text()
    case = hidden(code, reason="insult")
    people.ask_erasure(by=ActingPerson(demand.author), person=demand.author)
    with make.days_later(8):
        people_jobs.erase_whose_time_has_come()
        catch_up()
        assert (now(case).kept_words, now(case).sealed) == ("", [])


def test_everybody_finds_where_to_report_words(client: Any) -> None:
    code, demand = refusal()
    page = client.get(f"/demands/{demand.code}/").content.decode()
    assert f"/moderation/{code}/" in page
    assert client.get(f"/moderation/{code}/").status_code == 200
    assert client.get(f"/moderation/demand-title.{demand.code}/").status_code == 200
    empty = make.demand(unit=demand.unit, text="")
    assert client.get(f"/moderation/demand-text.{empty.code}/").status_code == 404
    with pytest.raises(Refused):
        hidden(f"demand-text.{empty.code}")
