"""People sign up for themselves, change only what is theirs, and keep an address that nobody else has."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from hamgara import clock
from hamgara.domain.ledger.commands import Invalid, Refused
from hamgara.domain.ledger.events import CLOCK, FOUNDERS, RULES
from hamgara.domain.ledger.models import Entry
from hamgara.domain.people import commands, events, queries
from hamgara.domain.people.commands import NAME_LENGTH, Self
from hamgara.domain.people.models import Person, Session
from tests import factories as make

pytestmark = pytest.mark.django_db

PHONE = "+989131234567"
WISHES = {"name": "مریم", "language": "fa", "sms_notices": True, "mail_notices": True}


def recorded() -> list[Any]:
    return list(Entry.objects.order_by("pk"))


# --- who may ---------------------------------------------------------------------------------------------------------


def actors() -> dict[str, Any]:
    """Everybody who could try something on one person; «self» is that person."""
    person = make.person("مریم")
    unit, body = make.unit(), make.organisation()
    own_body = make.organisation(head=person)
    return {
        "self": make.acting(person),
        "self, under a mandate": make.head_of(own_body),
        "self, before any mandate": Self(str(person.key)),
        "citizen": make.acting(),
        "head": make.head_of(body),
        "officer of a unit": make.officer(unit),
        "officer of the office": make.office_officer(),
        "the clock": CLOCK,
        "the rules": RULES,
        "the founders": FOUNDERS,
    }


SELF = {"self", "self, under a mandate", "self, before any mandate"}
HOUSE = {"the clock", "the rules", "the founders"}
TABLE = {
    "change_profile": SELF,
    "set_phone": SELF,
    "set_email": SELF,
    "issue_sign_in_link": HOUSE,
    "use_sign_in_link": "everybody",
    "forget_links": HOUSE,
    "forget_sessions": HOUSE,
    "register another": HOUSE,
    "register oneself": "everybody",
}


def attempt(verb: str, by: Any, person: Person) -> object:
    if verb == "change_profile":
        return commands.change_profile(by=by, person=person, **WISHES)
    if verb == "set_phone":
        return commands.set_phone(by=by, person=person, phone=PHONE, verified=True)
    if verb == "set_email":
        return commands.set_email(by=by, person=person, email="maryam@example.org")
    if verb == "issue_sign_in_link":
        return commands.issue_sign_in_link(by=by, person=person)
    if verb == "use_sign_in_link":
        return commands.use_sign_in_link(by=by, token=commands.issue_sign_in_link(by=FOUNDERS, person=person))
    if verb == "forget_links":
        commands.issue_sign_in_link(by=FOUNDERS, person=person)
        with make.days_later(60):
            return commands.forget_links(by=by)
    if verb == "forget_sessions":
        Session.objects.create(session_key=str(uuid.uuid4()), session_data="", expire_date=clock.now())
        with make.days_later(1):
            return commands.forget_sessions(by=by)
    if verb == "register another":
        return commands.register(by=by, name="علی")
    key = uuid.uuid4()
    return commands.register(by=Self(str(key)), key=key, name="علی")


@pytest.mark.parametrize("verb", TABLE)
def test_who_may_do_what_with_a_person(verb: str) -> None:
    everybody = actors()
    person = everybody["self"].person
    allowed = set(everybody) if TABLE[verb] == "everybody" else TABLE[verb]
    did, reasons = set(), [""]
    for role, by in everybody.items():
        before = Entry.objects.count()
        try:
            attempt(verb, by, person)
        except Refused as refused:
            reasons.append(str(refused.reason))
            made_for_the_attempt = verb == "forget_links"
            assert Entry.objects.count() == before + made_for_the_attempt
        else:
            did.add(role)
    assert did == allowed
    assert all(reasons[1:])


# --- signing up ------------------------------------------------------------------------------------------------------


def test_whoever_signs_up_is_known_with_little() -> None:
    key = uuid.uuid4()
    person = commands.register(by=Self(str(key)), key=key, name="  مریم\u200c كاشاني \n", phone=PHONE)
    stored = Person.objects.get(key=key)
    assert stored == person
    assert stored.name == "مریم کاشانی"
    assert not stored.phone_verified
    assert not stored.has_usable_password()
    assert (stored.email, stored.language, stored.is_active) == (None, "fa", True)
    (entry,) = recorded()
    assert entry.kind == events.Registered.KIND
    assert entry.subjects == []
    for told in ("مریم", PHONE, str(key)):
        assert told not in bytes(entry.canonical).decode()


def test_somebody_without_a_name_is_called_something_all_the_same() -> None:
    assert commands.register(by=FOUNDERS, name=" ").display_name


def test_a_name_is_cut_by_nobody_and_refused_if_too_long() -> None:
    assert len(commands.register(by=FOUNDERS, name="ن" * NAME_LENGTH).name) == NAME_LENGTH
    with pytest.raises(Invalid) as invalid:
        commands.register(by=FOUNDERS, name="ن" * (NAME_LENGTH + 1))
    assert set(invalid.value.problems) == {"name"}
    assert len(recorded()) == 1


def test_control_characters_do_not_get_in() -> None:
    assert commands.register(by=FOUNDERS, name="مر\x00یم\x1b[31m\u202e").name == "مریم[31m"


def test_nobody_takes_the_number_of_another() -> None:
    commands.register(by=FOUNDERS, name="الف", phone=PHONE)
    with pytest.raises(Invalid) as invalid:
        commands.register(by=FOUNDERS, name="ب", phone=PHONE)
    assert set(invalid.value.problems) == {"phone"}
    other = make.person()
    with pytest.raises(Invalid):
        commands.set_phone(by=make.acting(other), person=other, phone=PHONE, verified=False)
    assert queries.by_phone(PHONE).name == "الف"  # type: ignore[union-attr]


def test_nobody_takes_the_address_of_another_nor_one_that_is_none() -> None:
    commands.register(by=FOUNDERS, name="الف", email="maryam@example.org")
    other = make.person()
    for email in ("Maryam@Example.org", "maryam", "a@b", f"{'a' * 300}@example.org", "a\x00@example.org"):
        with pytest.raises(Invalid) as invalid:
            commands.set_email(by=make.acting(other), person=other, email=email)
        assert set(invalid.value.problems) == {"email"}
    other.refresh_from_db()
    assert other.email is None


def test_an_address_that_was_let_go_of_signs_nobody_in_and_the_last_way_in_stays() -> None:
    person = make.person(email="maryam@example.org")
    EmailAddress.objects.create(user=person, email="maryam@example.org", verified=True, primary=True)
    with pytest.raises(Invalid):
        commands.set_email(by=make.acting(person), person=person, email=None)
    commands.set_phone(by=make.acting(person), person=person, phone=PHONE, verified=True)
    assert commands.set_email(by=make.acting(person), person=person, email=None).email is None
    assert not EmailAddress.objects.exists()


def test_one_mail_address_is_one_however_it_is_typed() -> None:
    person = commands.register(by=FOUNDERS, name="الف", email="Maryam@Example.org")
    assert person.email == "maryam@example.org"
    assert queries.by_email("MARYAM@example.ORG") == person
    with pytest.raises(Invalid) as invalid:
        commands.register(by=FOUNDERS, name="ب", email="maryam@EXAMPLE.org")
    assert set(invalid.value.problems) == {"email"}


def test_people_without_number_or_address_do_not_get_into_each_others_way() -> None:
    for _n in range(2):
        commands.register(by=FOUNDERS, name="", phone="", email="")
    assert Person.objects.filter(phone=None, email=None).count() == 2
    assert queries.by_phone("") is None


# --- changing --------------------------------------------------------------------------------------------------------


def test_the_record_says_which_wish_changed_and_not_what_it_is() -> None:
    person = make.person("مریم")
    commands.change_profile(
        by=make.acting(person), person=person, name="زهرا", language="en", sms_notices=True, mail_notices=False
    )
    person.refresh_from_db()
    assert (person.name, person.language, person.sms_notices, person.mail_notices) == ("زهرا", "en", True, False)
    entry = recorded()[-1]
    assert entry.data["changed"] == ["name", "language", "mail_notices"]
    assert "زهرا" not in bytes(entry.canonical).decode()


@pytest.mark.parametrize("wrong", [{"name": "ن" * 81}, {"language": "xx"}])
def test_a_wish_that_cannot_be_is_told_beside_its_field(wrong: dict[str, Any]) -> None:
    person = make.person("مریم")
    with pytest.raises(Invalid) as invalid:
        commands.change_profile(by=make.acting(person), person=person, **(WISHES | wrong))
    assert set(invalid.value.problems) == set(wrong)
    person.refresh_from_db()
    assert (person.name, person.language) == ("مریم", "fa")


def test_a_number_counts_as_shown_only_when_it_was() -> None:
    person = make.person()
    commands.set_phone(by=make.acting(person), person=person, phone=PHONE, verified=False)
    person.refresh_from_db()
    assert (person.phone, person.phone_verified) == (PHONE, False)
    commands.set_phone(by=make.acting(person), person=person, phone=PHONE, verified=True)
    person.refresh_from_db()
    assert person.phone_verified
    assert PHONE not in "".join(bytes(entry.canonical).decode() for entry in recorded())


# --- order and finding -----------------------------------------------------------------------------------------------


def test_people_are_found_by_their_key_alone() -> None:
    person = make.person()
    assert queries.by_key(str(person.key)) == person
    assert queries.by_key(str(uuid.uuid4())) is None


def test_names_stand_in_the_order_of_the_persian_alphabet() -> None:
    for name in ("یاسر", "پریسا", "آرش", "احمد", "گلی", "چنگیز"):
        make.person(name)
    in_order = Person.objects.order_by("name_sort").values_list("name", flat=True)
    assert list(in_order) == ["آرش", "احمد", "پریسا", "چنگیز", "گلی", "یاسر"]


def test_a_person_is_never_named_in_what_programs_print() -> None:
    person = make.person("مریم کاشانی", phone=PHONE)
    assert "مریم" not in f"{person} {person!r}"
    assert PHONE not in f"{person} {person!r}"
