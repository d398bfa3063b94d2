"""`hamgara doctor`: each line is ok, or names what is wrong and what to do about it."""

from __future__ import annotations

import collections
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from hamgara import clock
from hamgara.channels.models import Message
from hamgara.cli import doctor, messages, prepare
from hamgara.domain.ledger import jobs
from hamgara.domain.ledger.models import Bookmark
from hamgara.domain.organisations.models import Gathering
from tests import factories as make

pytestmark = pytest.mark.django_db

Disk = collections.namedtuple("Disk", "total used free")


@pytest.fixture(autouse=True)
def _all_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """What tests do not have: static files for serving, a compiled catalogue."""
    monkeypatch.setattr(prepare, "static_files_stale", lambda: False)
    monkeypatch.setattr(messages, "stale", lambda: False)


def found(what: str) -> doctor.Finding:
    return next(each for each in doctor.examine() if each.what == what)


def test_a_database_that_serves_is_ok() -> None:
    assert found("database").state == "ok"
    assert found("Persian trigrams").state == "ok"
    assert found("tables").state == "ok"


def test_an_old_database_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OLDEST_SERVER", connection.pg_version + 10000)
    assert found("database").state == "wrong"
    assert "needs 17 or newer" in found("database").text


def test_tables_that_are_behind_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_missing_migrations", lambda: 2)
    assert found("tables") == doctor.Finding("tables", "wrong", "2 migrations are not applied: run «hamgara migrate»")


@pytest.mark.parametrize("part", ["worker", "scheduler", "publisher"])
def test_a_part_that_never_ran_is_told(part: str) -> None:
    assert found(part).state == "wrong"
    assert f"hamgara {part}" in found(part).text


@pytest.mark.parametrize("part", ["worker", "scheduler", "publisher"])
def test_a_part_that_ran_just_now_is_ok_and_one_that_fell_silent_is_told(part: str) -> None:
    jobs.beat(part)
    assert found(part).state == "ok"
    with clock.standing_at(clock.now() + timedelta(hours=3)):
        assert found(part).state == "wrong"
        assert "last ran 3 hours ago" in found(part).text


def test_a_follower_that_stumbled_is_named_with_its_place() -> None:
    Bookmark.objects.update_or_create(follower="notices.demands", defaults={"position": 7, "trouble": "KeyError"})
    assert found("follower").state == "wrong"
    assert "notices.demands stands after position 7 with KeyError" in found("follower").text


def test_failed_jobs_are_counted() -> None:
    assert found("jobs").state == "ok"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'some.task', 'failed')"
        )
    assert found("jobs").text.startswith("1 failed")


def test_a_disk_that_is_nearly_full_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Disk(10**12, 10**12 - 10**8, 10**8))
    assert found("disk").state == "wrong"
    assert "0.1 GB free" in found("disk").text
    assert "make room" in found("disk").text


def test_a_media_folder_that_cannot_be_made_is_told(settings: object, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"  # type: ignore[attr-defined]
    assert found("photos and files").state == "wrong"
    assert str(tmp_path) in found("photos and files").text


@pytest.mark.parametrize(
    ("what", "setting", "name"),
    [("mail", "MAIL_GATEWAY", "HAMGARA_MAIL_URL"), ("SMS", "SMS_GATEWAY", "HAMGARA_SMS_URL")],
)
def test_without_a_gateway_it_says_where_messages_wait(settings: object, what: str, setting: str, name: str) -> None:
    setattr(settings, setting, "")
    assert found(what).state == "note"
    assert "outbox" in found(what).text
    assert name in found(what).text
    setattr(settings, setting, "https://somebody:secret@gateway.example")
    assert found(what).state == "ok"
    assert "secret" not in found(what).text


WAYS = pytest.mark.parametrize(
    ("what", "channel", "setting"), [("mail", "mail", "MAIL_GATEWAY"), ("SMS", "sms", "SMS_GATEWAY")]
)


def message(channel: str, state: str, hours_ago: float, sent_hours_ago: float | None = None) -> None:
    ago = lambda hours: clock.now() - timedelta(hours=hours)  # noqa: E731
    sent = None if sent_hours_ago is None else ago(sent_hours_ago)
    Message.objects.create(
        channel=channel, address="+989130000000", text="سلام", state=state, made_at=ago(hours_ago), sent_at=sent
    )


@WAYS
def test_a_gateway_that_takes_messages_is_ok_with_the_time_of_the_last(
    settings: object, what: str, channel: str, setting: str
) -> None:
    setattr(settings, setting, "https://gateway.example")
    assert "none ever went" in found(what).text
    message(channel, "sent", 6, 5)
    message(channel, "waiting", 0.2)
    assert found(what).state == "ok"
    assert "the last one went 5 hours ago" in found(what).text


@WAYS
@pytest.mark.parametrize(("state", "hours", "said"), [("failed", 4, "1 failed"), ("waiting", 2, "1 wait for more")])
def test_a_gateway_that_takes_nothing_is_wrong_with_what_to_do(
    settings: object, what: str, channel: str, setting: str, state: str, hours: float, said: str
) -> None:
    setattr(settings, setting, "https://somebody:secret@gateway.example")
    message(channel, "sent", 9, 9)
    message(channel, state, hours)
    other = {"mail": "sms", "sms": "mail"}[channel]
    message(other, "sent", 0, 0)
    line = found(what)
    assert line.state == "wrong"
    assert said in line.text
    assert "the last one went 9 hours ago" in line.text
    assert "see that the worker runs" in line.text
    assert "secret" not in line.text


@WAYS
def test_a_failure_before_the_last_success_is_a_note_and_what_was_stale_from_the_beginning_is_none(
    settings: object, what: str, channel: str, setting: str
) -> None:
    setattr(settings, setting, "https://gateway.example")
    message(channel, "failed", 24 * 20)
    message(channel, "sent", 1, 1)
    assert found(what).state == "ok"
    message(channel, "failed", 30)
    assert found(what).state == "note"
    assert "1 failed" in found(what).text


@pytest.mark.parametrize(("sample", "state"), [(True, "note"), (False, "wrong")])
def test_a_real_city_needs_its_gateways(settings: object, sample: bool, state: str) -> None:
    settings.SMS_GATEWAY = ""  # type: ignore[attr-defined]
    city = make.city()
    Gathering.objects.update_or_create(city=city, defaults={"record": {"sample": sample}})
    assert found("SMS").state == state
    assert "HAMGARA_SMS_URL" in found("SMS").text


def test_stale_files_and_catalogue_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "static_files_stale", lambda: True)
    monkeypatch.setattr(messages, "stale", lambda: True)
    assert "hamgara prepare" in found("static files").text
    assert "hamgara prepare" in found("Persian").text


def test_showing_errors_to_everybody_is_wrong(settings: object) -> None:
    settings.DEBUG = True  # type: ignore[attr-defined]
    assert found("debug").state == "wrong"


def test_a_key_that_others_can_read_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HAMGARA_SECRET_KEY")
    monkeypatch.setenv("HAMGARA_VAR", str(tmp_path))
    key = tmp_path / "secret-key"
    key.write_text("long and random")
    key.chmod(0o644)
    assert "chmod 600" in found("secret key").text
    key.chmod(0o600)
    assert found("secret key").state == "ok"
    assert "random" not in found("secret key").text
