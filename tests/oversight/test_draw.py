"""The draw: who is in the pool and why not, who gives the words and when, and that anybody can recheck it."""

from __future__ import annotations

import argparse
import copy
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hamgara import clock
from hamgara.algorithms import sortition
from hamgara.cli import draw as cli
from hamgara.domain.demands import commands as demands
from hamgara.domain.ledger.commands import Invalid, Refused
from hamgara.domain.ledger.events import CLOCK, RULES
from hamgara.domain.ledger.models import Entry, Opening
from hamgara.domain.ledger.queries import about
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.oversight import commands, events, jobs, policies, queries
from hamgara.domain.oversight.models import Nonce, Review
from tests import factories as make
from tests.commitments import promises
from tests.oversight import examining as examine

pytestmark = pytest.mark.django_db
State = Review.State


def bars(commitment: Any) -> dict[str, set[str]]:
    """What bars each candidate now: id → reasons; only those who are barred."""
    found = {each["id"]: {tie["reason"] for tie in each["ties"]} for each in queries.candidates_for(commitment)}
    return {candidate: reasons for candidate, reasons in found.items() if reasons}


# --- the pool --------------------------------------------------------------------------------------------------------


def test_who_is_tied_and_why() -> None:
    author, supporter, commenter, clerk = make.acting(), make.acting(), make.acting(), make.acting()
    carrier = make.organisation()
    demand = make.admitted(make.head_of(carrier), unit=make.unit())
    partner = make.organisation()
    free = make.organisation()
    child = organisations.apply(by=make.acting(), name="شاخهٔ محلی", kind="ngo", code="branch")
    Organisation.objects.filter(pk=child.pk).update(path=f"{partner.path}branch/", parent=partner)
    organisations.accredit(
        by=make.office_officer(),
        organisation=child,
        registration_number="1",
        authority="استانداری",
        until=clock.today() + timedelta(days=90),
    )
    shared = make.organisation(head=make.head_of(partner).person)
    of_supporter, of_commenter = make.organisation(head=supporter.person), make.organisation(head=commenter.person)
    of_clerk, orphan = make.organisation(head=clerk.person), make.organisation()
    make.mandate(make.unit(), who=clerk.person)
    orphan.mandates.all().delete()
    demands.support(by=supporter, demand=demand)
    demands.comment(by=commenter, demand=demand, text="درست است")
    mine, friend = examine.monitor(person=author.person), examine.monitor()
    demands.support(by=make.acting(mine.person), demand=demand)
    commitment = promises.promised(demand, partners=[partner])
    promises.commands.join(by=make.head_of(partner), commitment=commitment, organisation=partner)
    assert bars(commitment) == {
        carrier.subject: {"carried_the_demand", "personal"},
        partner.subject: {"is_promiser"},
        "organisation:branch": {"parent_or_child"},
        shared.subject: {"shares_mandate_holder"},
        of_supporter.subject: {"personal"},
        of_commenter.subject: {"personal"},
        of_clerk.subject: {"works_for_municipality"},
        orphan.subject: {"nobody_acts"},
        mine.subject: {"personal"},
    }
    listed = {each["id"] for each in queries.candidates_for(commitment)}
    assert {free.subject, friend.subject} <= listed


def test_whoever_owns_a_part_is_tied() -> None:
    partner, below = make.organisation(), make.organisation()
    Organisation.objects.filter(pk=below.pk).update(path=f"{partner.path}{below.code}/", parent=partner)
    commitment = promises.promised(partners=[partner])
    commitment = promises.commands.join(by=make.head_of(partner), commitment=commitment, organisation=partner)
    below.refresh_from_db()
    promises.commands.add_part(
        by=promises.leader(commitment), commitment=commitment, title="کار", owner=below, due=commitment.due
    )
    assert bars(commitment)[below.subject] == {"owns_part", "parent_or_child"}


def test_units_and_bodies_without_accreditation_are_no_candidates() -> None:
    commitment = promises.promised()
    weak, expired = make.organisation(accredited=False), make.organisation()
    Organisation.objects.filter(pk=expired.pk).update(accredited_until=clock.today() - timedelta(days=1))
    listed = {each["id"] for each in queries.candidates_for(commitment)}
    assert listed.isdisjoint({weak.subject, expired.subject, commitment.lead.subject})


def test_the_published_reasons_name_bodies_and_never_persons() -> None:
    author = make.acting()
    make.organisation(head=author.person)
    review = examine.opened(author=author)
    text = json.dumps(review.candidates)
    assert str(author.person.key) not in text
    assert {"reason": "personal", "whom": None} in [tie for each in review.candidates for tie in each["ties"]]


# --- opening ---------------------------------------------------------------------------------------------------------


def test_a_claim_is_examined_and_the_house_binds_itself_before_it_hears_the_words() -> None:
    review = examine.opened()
    assert (review.state, review.round, review.seats_wanted) == (State.OPENED, 1, 3)
    assert review.code == f"{review.commitment.code}-R1"
    entry = about(review.subject).get(kind=events.Opened.KIND)
    assert entry.data["pool_hash"] == sortition.pool_hash(review.pool) == review.pool_hash
    assert entry.data["nonce_commitment"] == review.nonce_commitment
    nonce = bytes(Nonce.objects.get(review=review).value)
    assert sortition.commit_nonce(review.code, nonce, review.pool) == review.nonce_commitment


def test_the_nonce_is_nowhere_that_anybody_reads_before_the_draw() -> None:
    review = examine.opened()
    nonce = bytes(Nonce.objects.get(review=review).value)
    kept = [bytes(entry.canonical) for entry in Entry.objects.all()]
    kept += [json.dumps(opening.value).encode() for opening in Opening.objects.all()]
    kept.append(json.dumps(Review.objects.values("candidates", "certificate", "nonce_commitment").get()).encode())
    assert not any(nonce.hex().encode() in each or nonce in each for each in kept)


def test_public_queries_never_load_the_nonce(django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    review = examine.drawn()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        shown = queries.detail(queries.by_code(review.code))  # type: ignore[arg-type]
        assert shown.seats
        assert shown.pool
        assert not shown.verdicts
        list(queries.listing())
        list(queries.of_commitment(review.commitment))
    assert not any("oversight_nonce" in query["sql"] for query in captured)


def test_with_too_few_candidates_the_review_waits_in_public_and_opens_when_there_are_more() -> None:
    review = examine.opened(bodies=3)
    assert review.state == State.WAITING
    entry = about(review.subject).get(kind=events.PoolTooSmall.KIND)
    assert (entry.data["pool_size"], entry.data["needed"]) == (3, 4)
    office = make.office_officer()
    with pytest.raises(Invalid) as raised:
        commands.open_waiting(by=office, review=review)
    assert "pool" in raised.value.problems
    jobs.let_time_pass()
    assert examine.now(review).state == State.WAITING
    make.organisation()
    jobs.let_time_pass()
    assert examine.now(review).state == State.OPENED
    with pytest.raises(Refused):
        commands.open_waiting(by=office, review=review)


def test_the_office_may_open_a_waiting_review_but_nobody_else() -> None:
    review = examine.opened(bodies=3)
    make.organisation()
    for stranger in (make.acting(), make.officer(make.unit()), examine.author_of(review)):
        with pytest.raises(Refused):
            commands.open_waiting(by=stranger, review=review)
    assert commands.open_waiting(by=make.office_officer(), review=review).state == State.OPENED


def test_no_person_opens_a_review_and_no_claim_is_examined_twice_at_once() -> None:
    review = examine.opened()
    with pytest.raises(Refused):
        commands.open_review(by=make.office_officer(), commitment=review.commitment)
    with pytest.raises(Invalid):
        commands.open_review(by=RULES, commitment=review.commitment)
    with pytest.raises(Invalid):
        commands.open_review(by=RULES, commitment=promises.promised())


# --- the words -------------------------------------------------------------------------------------------------------


def everybody(review: Review) -> dict[str, Any]:
    """One of each who might want to give the words. Whoever supports does so before the draw."""
    demand = review.commitment.demand
    supporter, clerk_supporter = make.acting(), make.acting()
    demands.support(by=supporter, demand=demand)
    demands.support(by=clerk_supporter, demand=demand)
    make.mandate(make.unit(), who=clerk_supporter.person)
    in_pool = Organisation.objects.get(code=review.pool[0].partition(":")[2])
    return {
        "author": examine.author_of(review),
        "supporter": supporter,
        "supporter who works for the municipality": clerk_supporter,
        "head of a candidate": make.head_of(in_pool),
        "reviewer of a candidate": make.under(make.mandate(in_pool, role="reviewer")),
        "head of another body": make.head_of(make.organisation()),
        "citizen": make.acting(),
        "officer of the promiser": make.officer(review.commitment.lead),
        "participation office": make.office_officer(),
        "office's officer in their own name": make.acting(make.office_officer().person),
        "rules": RULES,
    }


EARLY = {"author"}
LATER = EARLY | {"supporter", "head of a candidate", "reviewer of a candidate"}
AT_LAST = LATER | {"citizen", "head of another body"}


def test_who_may_give_the_words_and_when() -> None:
    review = examine.opened()
    people = everybody(review)
    for days, expected in [(0, EARLY), (6.9, EARLY), (7, LATER), (20.9, LATER), (21, AT_LAST), (200, AT_LAST)]:
        with make.days_later(days):
            assert {name for name, by in people.items() if policies.may_give_words(by, review)} == expected, days


def test_words_are_given_in_no_other_state() -> None:
    review = examine.opened()
    author = examine.author_of(review)
    for state in State.values:
        review.state = state
        assert bool(policies.may_give_words(author, review)) == (state == State.OPENED)


def test_an_author_who_works_for_the_municipality_does_not_give_the_words() -> None:
    author = make.acting()
    review = examine.opened(author=author)
    make.mandate(make.unit(), who=author.person)
    with pytest.raises(Refused):
        commands.give_words(by=author, review=review, words="سرو")


def test_whoever_carried_a_demand_gives_the_words_for_those_who_cannot() -> None:
    carrier = make.organisation()
    review = examine.opened(author=make.head_of(carrier))
    colleague = make.under(make.mandate(carrier, role="representative"))
    review = commands.give_words(by=colleague, review=review, words="سرو")
    assert (review.state, review.words_as) == (State.DRAWN, "carrier")


@pytest.mark.parametrize("words", ["", "  ", "\u200f", "ن" * 201])
def test_which_words_are_not_taken(words: str) -> None:
    review = examine.opened()
    with pytest.raises(Invalid) as raised:
        commands.give_words(by=examine.author_of(review), review=review, words=words)
    assert "words" in raised.value.problems
    assert examine.now(review).state == State.OPENED


def test_words_are_kept_as_one_line_that_can_be_typed_again() -> None:
    review = examine.opened()
    review = commands.give_words(by=examine.author_of(review), review=review, words=" باغِ  فین\nو كاشان ")
    assert review.words == "باغِ فین و کاشان"


def test_others_are_called_once_when_the_author_is_silent() -> None:
    review = examine.opened()
    jobs.let_time_pass()
    with make.days_later(7):
        jobs.let_time_pass()
        jobs.let_time_pass()
    assert about(review.subject).filter(kind=events.WordsAwaited.KIND).count() == 1
    with pytest.raises(Invalid):
        commands.call_for_words(by=CLOCK, review=review)


# --- the draw --------------------------------------------------------------------------------------------------------


def test_the_draw_is_complete_and_public_in_one_act() -> None:
    review = examine.drawn()
    assert review.state == State.DRAWN
    entry = about(review.subject).get(kind=events.Drawn.KIND)
    certificate = review.certificate
    assert certificate is not None
    assert (entry.data["words"], entry.data["given_as"]) == ("باران، نارنج، هفده", "author")
    assert entry.data["panel"] == certificate["panel"] == [seat.candidate for seat in review.seats.all()]
    assert set(certificate["panel"]) <= set(entry.subjects)
    assert sortition.recheck(certificate) == []
    assert [seat.position for seat in review.seats.all()] == [0, 1, 2]
    assert {seat.due for seat in review.seats.all()} == {clock.today() + timedelta(days=14)}


def test_the_words_are_given_once() -> None:
    review = examine.drawn()
    with pytest.raises(Refused):
        commands.give_words(by=examine.author_of(review), review=review, words="بار دیگر")


def test_the_pool_of_the_draw_is_the_one_that_was_bound_whatever_happened_since() -> None:
    review = examine.opened()
    newcomer = make.organisation()
    review = commands.give_words(by=examine.author_of(review), review=review, words="سرو")
    assert review.certificate is not None
    assert newcomer.subject not in review.certificate["pool"]
    assert sortition.pool_hash(review.certificate["pool"]) == review.pool_hash


def test_a_page_shows_the_pool_in_the_order_of_the_lot_and_the_reasons_beside() -> None:
    author = make.acting()
    tied = make.organisation("خانهٔ نویسنده", head=author.person)
    review = examine.drawn(author=author)
    shown = queries.detail(review)
    assert [each.place for each in shown.pool] == [1, 2, 3, 4, 5, 6]
    assert [each.id for each in shown.pool] == review.order
    assert all(each.ticket for each in shown.pool)
    [barred] = shown.tied
    assert (barred.name, len(barred.bars)) == (tied.name, 1)


def recheck(given: str) -> int:
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser)
    return cli.run(parser.parse_args(["--recheck", given]))


def test_the_command_line_rechecks_by_code_against_the_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    review = examine.drawn()
    assert recheck(review.code) == 0
    out = capsys.readouterr().out
    assert "is right" in out
    assert "ledger recorded" in out


def test_the_command_line_rechecks_a_certificate_without_a_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], django_db_blocker: Any
) -> None:
    certificate = tmp_path / "certificate.json"
    certificate.write_text(json.dumps(examine.drawn().certificate), encoding="utf-8")
    with django_db_blocker.block():
        assert recheck(str(certificate)) == 0
    assert "ledger" not in capsys.readouterr().out


CHEATS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another panel": lambda c: c["panel"].reverse(),
    "another nonce": lambda c: c.update(nonce="00" * 32),
    "other words": lambda c: c.update(words=c["words"] + "."),
    "another seed": lambda c: c.update(seed="0" * 64),
    "fewer candidates": lambda c: c["pool"].pop(),
    "a friend let in": lambda c: c["candidates"][0]["ties"].append({"reason": "personal", "whom": None}),
    "another review": lambda c: c.update(review="00000000-1-R1"),
    "no rule": lambda c: c.pop("rule"),
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_changed_certificate_is_found_out(cheat: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    certificate = copy.deepcopy(examine.drawn().certificate)
    assert certificate is not None
    CHEATS[cheat](certificate)
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(certificate), encoding="utf-8")
    assert recheck(str(file)) == 1
    assert "WRONG" in capsys.readouterr().out


def test_a_whole_new_draw_put_in_the_database_contradicts_the_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    review = examine.drawn()
    pool, nonce = review.pool, b"n" * 32
    forged = sortition.draw(sortition.seed(review.code, nonce, review.words, pool), pool, 3)
    bound = sortition.commit_nonce(review.code, nonce, pool)
    certificate = forged.to_json(review_id=review.code, commitment=bound, nonce=nonce, words=review.words)
    assert sortition.recheck(certificate) == []
    Review.objects.filter(pk=review.pk).update(certificate=certificate)
    assert recheck(review.code) == 1
    assert "the ledger says" in capsys.readouterr().out


def test_what_cannot_be_rechecked_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    review = examine.opened()
    assert recheck(review.code) == 2
    assert recheck("00000000-1-R1") == 2
    broken = tmp_path / "broken.json"
    for text in ("not json", "[]"):
        broken.write_text(text)
        assert recheck(str(broken)) == 2
    assert capsys.readouterr().err.count("\n") == 4
