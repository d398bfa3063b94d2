"""A sign-in link works once, for its time, for its person; it is kept as a hash, and forgotten."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections

from hamgara import charter, clock
from hamgara.domain.ledger.commands import Invalid, Refused
from hamgara.domain.ledger.events import CLOCK, FOUNDERS, RULES
from hamgara.domain.ledger.models import Entry
from hamgara.domain.people import commands, events, jobs, queries
from hamgara.domain.people.models import Person, Session, SignInLink
from tests import factories as make

pytestmark = pytest.mark.django_db


def link_for(person: Person) -> str:
    return commands.issue_sign_in_link(by=FOUNDERS, person=person)


def refusal(token: str) -> str:
    with pytest.raises(Refused) as refused:
        commands.use_sign_in_link(by=RULES, token=token)
    return str(refused.value.reason)


def test_a_link_signs_in_its_person_once() -> None:
    person, other = make.person(), make.person()
    token, _others = link_for(person), link_for(other)
    assert commands.use_sign_in_link(by=RULES, token=token) == person
    assert refusal(token)
    assert Entry.objects.filter(kind=events.SignInLinkUsed.KIND).count() == 1


def test_each_way_of_failing_is_told_in_its_own_words() -> None:
    person = make.person()
    used, expired, closed = link_for(person), link_for(person), link_for(person)
    commands.use_sign_in_link(by=RULES, token=used)
    reasons = [refusal(used), refusal("made elsewhere"), refusal("")]
    with make.days_later(2):
        reasons.append(refusal(expired))
    person.is_active = False
    person.save()
    reasons.append(refusal(closed))
    assert reasons[1] == reasons[2], "an empty token and a foreign one are alike"
    assert len({*reasons}) == 4
    assert Entry.objects.filter(kind=events.SignInLinkUsed.KIND).count() == 1


def test_no_link_is_made_for_a_closed_account() -> None:
    person = make.person()
    person.is_active = False
    person.save()
    with pytest.raises(Refused):
        link_for(person)
    assert not SignInLink.objects.exists()


def test_the_token_itself_is_kept_nowhere() -> None:
    token = link_for(make.person())
    link = SignInLink.objects.get()
    assert token.encode() not in bytes(link.token_hash)
    assert len(bytes(link.token_hash)) == 32
    written = "".join(bytes(entry.canonical).decode() for entry in Entry.objects.all())
    assert token not in written


def test_every_token_is_another_one_and_long_enough_not_to_be_guessed() -> None:
    person = make.person()
    tokens = {link_for(person) for _n in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 32 for token in tokens)


def test_a_link_works_to_the_last_moment_of_the_charters_time() -> None:
    person = make.person()
    token, second = link_for(person), link_for(person)
    hours = charter.number("people.sign_in_link_lasts")
    with make.days_later((hours - 0.1) / 24):
        commands.use_sign_in_link(by=RULES, token=token)
    with make.days_later((hours + 0.1) / 24):
        assert refusal(second)


def test_another_time_in_the_charter_is_another_time_of_the_link(tmp_path: Path) -> None:
    rules = (charter.FOLDER / "rules.yaml").read_text(encoding="utf-8")
    changed = tmp_path / "rules.yaml"
    changed.write_text(
        rules.replace("value: 24\n      unit: hours", "value: 2\n      unit: hours", 1), encoding="utf-8"
    )
    with charter.reading_from(changed):
        token = link_for(make.person())
    with make.days_later(3 / 24):
        assert refusal(token)


@pytest.mark.django_db(transaction=True)
def test_two_who_open_one_link_at_the_same_moment_are_not_both_signed_in() -> None:
    token = link_for(make.person())
    outcomes: list[object] = []
    start = threading.Barrier(2, timeout=10)

    def use() -> None:
        start.wait()
        try:
            outcomes.append(commands.use_sign_in_link(by=RULES, token=token))
        except Refused as refused:
            outcomes.append(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=use) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Person", "Refused"]


# --- forgetting ------------------------------------------------------------------------------------------------------


def test_spent_links_are_forgotten_after_their_time_and_living_ones_are_not() -> None:
    person = make.person()
    used, _expired = link_for(person), link_for(person)
    commands.use_sign_in_link(by=RULES, token=used)
    jobs.let_time_pass()
    assert SignInLink.objects.count() == 2, "for a while one can be told that a link was used"
    with make.days_later(queries.SPENT_LINKS_KEPT.days + 2):
        living = link_for(person)
        jobs.let_time_pass()
        assert SignInLink.objects.count() == 1
        assert commands.use_sign_in_link(by=RULES, token=living) == person
    entry = Entry.objects.get(kind=events.LinksForgotten.KIND)
    assert entry.data == {"count": 2}


def test_sessions_are_forgotten_when_their_time_has_run_out_and_living_ones_are_not() -> None:
    now = clock.now()
    for name, left in {"gone": -1, "living": 1}.items():
        Session.objects.create(session_key=name, session_data="", expire_date=now + timedelta(minutes=left))
    jobs.nightly.func(0)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["living"]
    entry = Entry.objects.get(kind=events.SessionsForgotten.KIND)
    assert entry.data == {"count": 1}
    assert not entry.subjects


def test_nothing_to_forget_is_no_act() -> None:
    jobs.nightly.func(0)
    for forget in (commands.forget_links, commands.forget_sessions):
        with pytest.raises(Invalid):
            forget(by=CLOCK)
    assert not Entry.objects.exists()
