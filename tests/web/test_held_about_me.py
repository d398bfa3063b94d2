"""My data: everything that stands here about me, with its reasons, as a page and as one file; nothing of others."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
import yaml
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.test import Client
from markupsafe import escape

from hamgara import charter, retention
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.commands import made_safe
from hamgara.domain.people import queries
from hamgara.domain.people.models import Person
from tests import factories as make
from tests.house import loop
from tests.house.test_personal_columns import personal
from tests.web.readers import reader
from tests.web.sending import few_queries

pytestmark = pytest.mark.django_db


def packed(person: Person, browser: Client | None = None) -> zipfile.ZipFile:
    protected = person.authenticator_set.exists()
    answer = (browser or reader(person, language="fa", second_factor=protected)).get("/me/data/all.zip")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def for_machines(person: Person) -> dict[str, list[dict[str, Any]]]:
    told = json.loads(packed(person).read("my-data.json"))
    found: dict[str, list[dict[str, Any]]] = {}
    for each in told["held"]:
        found.setdefault(each["table"], []).extend(each["rows"])
    return found


# --- nothing is forgotten --------------------------------------------------------------------------------------------


def test_of_each_personal_table_it_is_said_whose_its_rows_are_or_why_nobody_is_handed_them() -> None:
    for column in personal():
        table = column.rpartition(".")[0]
        points_to_somebody = [f for f in apps.get_model(table)._meta.concrete_fields if f.related_model is Person]
        named = table in retention.whose() or table in retention.withheld() or column in retention.withheld()
        assert named or points_to_somebody, f"say in charter/retention.yaml whose {column} is"


def test_each_way_to_a_person_leads_to_one() -> None:
    person = make.person()
    for table, whose in retention.whose().items():
        for way in whose.person:
            assert apps.get_model(table)._default_manager.filter(**{way: person.pk}).count() in {0, 1}
        for column in filter(None, (whose.key, whose.address)):
            apps.get_model(table)._meta.get_field(column)


def test_what_is_withheld_exists_and_has_its_reason() -> None:
    for name, reason in retention.withheld().items():
        parts = name.split(".")
        model = apps.get_model(".".join(parts[:2]))
        assert len(parts) == 2 or model._meta.get_field(parts[2])
        assert reason


def test_each_holding_is_told_in_both_languages() -> None:
    for each in yaml.safe_load(retention.FILE.read_text(encoding="utf-8"))["personal"]:
        for words in (each["what"], each["why"], each["kept"], each["seen_by"]):
            assert words.keys() == {"en", "fa"}
            assert not any("a" <= letter.lower() <= "z" for letter in words["fa"]), words["fa"]


# --- the file --------------------------------------------------------------------------------------------------------


def test_whoever_did_everything_is_handed_everything() -> None:
    author = loop.lived().author
    loop.left_everywhere(author)
    everything = json.dumps(for_machines(author), ensure_ascii=False)
    for secret in (loop.NAME, loop.PHONE, loop.MAIL, loop.TITLE, loop.TEXT, loop.ADDRESS, loop.COMMENT, loop.UNREAD):
        assert secret in everything, secret
    assert loop.VOICE in everything
    assert str(author.key) in everything
    tables = {each.table for each, _count in queries.held_counts(author)}
    assert {
        "people.Person",
        "people.Session",
        "account.EmailAddress",
        "organisations.Mandate",
        "demands.Demand",
        "demands.Support",
        "demands.Comment",
        "oversight.AppealVoice",
        "oversight.Monitor",
        "moderation.Report",
        "moderation.Case",
        "channels.Message",
        "channels.Notice",
        "ledger.Opening",
    } <= tables


def test_what_opens_the_account_is_not_in_it() -> None:
    person = make.person(phone="+989131111111")
    loop.left_everywhere(person)
    told = for_machines(person)
    assert told["people.Session"]
    assert not {"session_key", "session_data", "token_hash", "data"} & {
        column for rows in told.values() for row in rows for column in row
    }


def test_nothing_of_anybody_else_is_in_it() -> None:
    me, other = make.person("من"), make.person("همسایهٔ پنهان", phone="+989132222222")
    EmailAddress.objects.create(user=other, email="neighbour@example.org", verified=True, primary=True)
    theirs = make.admitted(make.acting(other), address="پلاک ۹۹ همسایه")
    demands.support(by=make.acting(me), demand=theirs)
    demands.comment(by=make.acting(other), demand=make.admitted(make.acting(me)), text="سخن همسایه")
    everything = json.dumps(for_machines(me), ensure_ascii=False)
    for secret in ("همسایه", "9132222222", "neighbour@example.org", "پلاک", str(other.key)):
        assert secret not in everything, secret
    assert theirs.code in everything


def test_an_officer_who_declined_is_not_handed_the_address() -> None:
    officer = make.office_officer()
    demand = make.demand(address="پلاک ۹۹ همسایه")
    demands.decline(
        by=officer, demand=demand, reason_code=next(iter(charter.choices("demands.decline_reasons"))), reason="نه"
    )
    [row] = for_machines(officer.person)["demands.Demand"]
    assert row["code"] == demand.code
    assert not {"address", "title", "text"} & row.keys()


def test_the_page_within_is_in_my_language_and_escapes_what_i_wrote() -> None:
    person = make.person("<b>من</b>")
    page = packed(person).read(next(name for name in packed(person).namelist() if name.endswith(".html"))).decode()
    assert 'dir="rtl"' in page
    assert "&lt;b&gt;من&lt;/b&gt;" in page
    assert "my-data.html" in packed(person, reader(person)).namelist()


def test_my_photos_are_in_it() -> None:
    person = make.person()
    demand = make.demand(make.acting(person), files=made_safe([make.photo()]))
    [name] = [each.file.name for each in demand.attachments.all()]
    assert packed(person).read(f"files/{name}")


# --- who may, and how it looks ---------------------------------------------------------------------------------------


def test_a_stranger_is_asked_to_sign_in_first() -> None:
    for address in ("/me/data/", "/me/data/all.zip"):
        assert reader().get(address).status_code == 302


def test_whoever_has_a_second_factor_shows_it_first() -> None:
    person = make.person()
    browser = reader(person)
    TOTP.activate(person, generate_totp_secret())
    answer = browser.get("/me/data/all.zip")
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]


def test_the_page_says_what_why_how_long_and_for_whose_eyes() -> None:
    person = make.person()
    demand = make.demand(make.acting(person))
    demands.support(by=make.acting(person), demand=make.admitted())
    browser = reader(person)
    with few_queries(8):
        page = browser.get("/me/data/").content.decode()
    assert "Who supports a demand." in page
    assert "The person alone; the public sees a number." in page
    assert "/me/data/all.zip" in page
    assert demand.title not in page
    assert "/me/data/" in browser.get("/me/").content.decode()


def test_everybody_reads_what_is_kept_of_people() -> None:
    page = reader().get("/charter/privacy/").content.decode()
    for each in retention.holdings():
        assert str(escape(each.what["en"])) in page
    assert "/charter/privacy/" in reader().get("/").content.decode()
