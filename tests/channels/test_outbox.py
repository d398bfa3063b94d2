"""Messages wait, are handed over once, tried again with patience, and told to nobody else."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import send_mail as django_send_mail
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob

from hamgara import clock
from hamgara.channels import jobs, outbox
from hamgara.channels.models import Message
from hamgara.integrations import mail as mail_integration
from hamgara.integrations import queue
from hamgara.integrations import sms as sms_integration
from tests import factories as make
from tests.channels.gateways import MailServer, SmsProvider

pytestmark = pytest.mark.django_db

PHONE, CODE = "+989131234567", "رمز شما ۴۷۱۱۰۸ است"
State = Message.State


def now(message: Message) -> Message:
    message.refresh_from_db()
    return message


# --- on the way ------------------------------------------------------------------------------------------------------


def test_while_there_is_no_gateway_messages_wait_and_are_shown() -> None:
    one, two = outbox.send_sms(PHONE, CODE), outbox.send_mail("a@example.org", "سلام", CODE)
    assert outbox.deliver_waiting() == 0
    assert {now(one).state, now(two).state} == {State.WAITING}
    assert list(outbox.shown()) == [two, one]


def test_what_a_gateway_takes_is_not_shown(sms: SmsProvider) -> None:
    text, letter = outbox.send_sms(PHONE, CODE), outbox.send_mail("a@example.org", "سلام", CODE)
    assert list(outbox.shown()) == [letter]
    assert outbox.deliver_waiting() == 1
    assert (now(text).state, now(letter).state) == (State.SENT, State.WAITING)


def test_the_first_gateway_does_not_get_the_whole_past(request: pytest.FixtureRequest) -> None:
    old = outbox.send_sms(PHONE, CODE)
    with make.days_later(outbox.STALE.days - 1):
        recent = outbox.send_sms(PHONE, "تازه")
    sms: SmsProvider = request.getfixturevalue("sms")
    with make.days_later(outbox.STALE.days + 0.1):
        assert outbox.deliver_waiting() == 1
    assert [taken["text"] for taken in sms.taken] == ["تازه"]
    assert (now(old).state, now(recent).state) == (State.FAILED, State.SENT)


def test_an_sms_is_handed_over_with_its_key_and_the_token(sms: SmsProvider) -> None:
    message = outbox.send_sms(PHONE, CODE)
    assert outbox.deliver_waiting() == 1
    assert sms.taken == [{"to": PHONE, "text": CODE, "key": str(message.key)}]
    assert {name.lower(): value for name, value in sms.headers[0].items()}["idempotency-key"] == str(message.key)
    assert sms.headers[0]["Authorization"] == "Bearer secret"
    assert (now(message).state, message.attempts) == (State.SENT, 1)
    assert message.sent_at is not None
    assert outbox.deliver_waiting() == 0
    assert len(sms.taken) == 1


def test_a_mail_is_handed_over_whole(mail: MailServer) -> None:
    message = outbox.send_mail("maryam@example.org", "مطالبهٔ شما پذیرفته شد", f"{CODE}\n.\nپایان")
    assert outbox.deliver_waiting() == 1
    letter = mail.taken[0]
    assert letter["Subject"] == "مطالبهٔ شما پذیرفته شد"
    assert (letter["To"], letter["From"]) == ("maryam@example.org", "Hamgara <post@hamgara.example>")
    assert letter["Message-ID"] == f"<{message.key}@hamgara.example>"
    assert letter["Date"]
    assert letter.get_content().replace("\r\n", "\n").strip() == f"{CODE}\n.\nپایان"
    assert [line.split()[1] for line in mail.envelopes[0]] == ["FROM:<post@hamgara.example>", "TO:<maryam@example.org>"]
    assert now(message).state == State.SENT


def test_what_django_and_allauth_send_goes_the_same_way(settings: Any) -> None:
    settings.EMAIL_BACKEND = "hamgara.channels.mail.OutboxBackend"  # tests of Django's own keep mails in memory
    django_send_mail("رمز ورود", CODE, None, ["a@example.org", "b@example.org"])
    assert set(Message.objects.values_list("channel", "address", "subject", "text")) == {
        ("mail", "a@example.org", "رمز ورود", CODE),
        ("mail", "b@example.org", "رمز ورود", CODE),
    }


def test_the_oldest_goes_first(sms: SmsProvider) -> None:
    for n in range(4):
        with make.days_later(-n / 1000):
            outbox.send_sms(PHONE, f"{n}")
    assert outbox.deliver_waiting() == 4
    assert [each["text"] for each in sms.taken] == ["3", "2", "1", "0"]


# --- trouble ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 429, 404, 302, 0])
def test_what_the_sms_provider_did_not_take_is_tried_again_under_the_same_key(sms: SmsProvider, status: int) -> None:
    sms.status = status
    message = outbox.send_sms(PHONE, CODE)
    assert outbox.deliver_waiting() == 0
    assert (now(message).state, message.attempts, message.sent_at) == (State.WAITING, 1, None)
    sms.status = 200
    assert outbox.deliver_waiting() == 0, "it is not tried again at once"
    with make.days_later(1 / 24):
        assert outbox.deliver_waiting() == 1
    assert now(message).state == State.SENT
    assert [each.get("key") for each in sms.taken] == [str(message.key)] * 2


@pytest.mark.parametrize("answer", ["450 later", "550 nobody of that name"])
def test_what_the_mail_server_did_not_take_is_tried_again_under_the_same_id(mail: MailServer, answer: str) -> None:
    mail.recipient = answer
    message = outbox.send_mail("a@example.org", "سلام", CODE)
    assert outbox.deliver_waiting() == 0
    assert (now(message).state, message.attempts) == (State.WAITING, 1)
    mail.recipient = "250 ok"
    with make.days_later(1 / 24):
        assert outbox.deliver_waiting() == 1
    assert [letter["Message-ID"] for letter in mail.taken] == [f"<{message.key}@hamgara.example>"]


def test_a_gateway_that_is_away_is_no_more_than_a_failed_try(settings: Any) -> None:
    settings.SMS_GATEWAY, settings.MAIL_GATEWAY = "http://127.0.0.1:9/", "smtp://127.0.0.1:9"
    text, letter = outbox.send_sms(PHONE, CODE), outbox.send_mail("a@example.org", "سلام", CODE)
    assert outbox.deliver_waiting() == 0
    assert (now(text).attempts, now(letter).attempts) == (1, 1)


def test_one_bad_message_does_not_hold_up_the_others(mail: MailServer) -> None:
    for address, subject in (("نشانی نادرست\n", "سلام"), ("a@b\r\nBcc: c@d", "سلام"), ("", "سلام")):
        outbox.send_mail(address, subject, CODE)
    outbox.send_mail("good@example.org", "دو\nسطر", CODE)
    outbox.deliver_waiting()
    assert "good@example.org" in {letter["To"] for letter in mail.taken}
    assert next(letter["Subject"] for letter in mail.taken if letter["To"] == "good@example.org") == "دو سطر"
    assert not any(letter["Bcc"] for letter in mail.taken)


def test_after_a_day_of_tries_a_message_has_failed_and_is_left_alone(sms: SmsProvider) -> None:
    sms.status = 500
    message = outbox.send_sms(PHONE, CODE)
    made = message.made_at
    for hour in range(30):
        with clock.standing_at(made + timedelta(hours=hour)):
            for _round in range(5):  # the postman comes by often
                outbox.deliver_waiting()
    assert (now(message).state, message.attempts) == (State.FAILED, outbox.ATTEMPTS)
    assert len(sms.taken) == outbox.ATTEMPTS
    sms.status = 200
    with make.days_later(3):
        assert outbox.deliver_waiting() == 0


def test_a_gateway_that_was_down_for_half_a_day_gets_everything(sms: SmsProvider) -> None:
    sms.status = 503
    message = outbox.send_sms(PHONE, CODE)
    for minutes in range(0, 12 * 60, 5):
        with clock.standing_at(message.made_at + timedelta(minutes=minutes)):
            outbox.deliver_waiting()
    sms.status = 200
    with clock.standing_at(message.made_at + timedelta(hours=25)):
        assert outbox.deliver_waiting() == 1


# --- two workers, and one that dies ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_while_the_gateway_has_a_message_no_other_worker_hands_it_over(sms: SmsProvider) -> None:
    first, second = outbox.send_sms(PHONE, "یک"), outbox.send_sms(PHONE, "دو")
    sms.leave.clear()
    went: list[int] = []

    def work() -> None:
        went.append(outbox.deliver_waiting())
        connections.close_all()

    slow = threading.Thread(target=work)
    slow.start()
    assert sms.entered.wait(10)
    threading.Timer(0.3, sms.leave.set).start()
    went.append(outbox.deliver_waiting())  # takes the second one, and does not wait for the first
    slow.join(20)
    assert sum(went) == 2
    assert sorted(each["key"] for each in sms.taken) == sorted([str(first.key), str(second.key)])


@pytest.mark.django_db(transaction=True)
def test_a_message_whose_yes_was_lost_goes_again_under_the_same_key(
    sms: SmsProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = outbox.send_sms(PHONE, CODE)

    def die(self: Message, *args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Message, "save", die)
        with pytest.raises(KeyboardInterrupt):
            outbox.deliver_waiting()
    assert (now(message).state, message.attempts) == (State.WAITING, 0)
    assert outbox.deliver_waiting() == 1
    assert [each["key"] for each in sms.taken] == [str(message.key)] * 2


@pytest.mark.django_db(transaction=True)
def test_the_postman_is_woken_once_and_only_where_there_is_a_gateway(sms: SmsProvider) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # no test empties the queue
    outbox.send_mail("a@example.org", "سلام", CODE)
    assert not ProcrastinateJob.objects.filter(task_name=queue.POSTMAN).exists()
    for _n in range(3):
        outbox.send_sms(PHONE, CODE)
    assert ProcrastinateJob.objects.filter(task_name=queue.POSTMAN).count() == 1
    jobs.deliver.func()
    assert len(sms.taken) == 3


# --- secrets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 500, 0])
def test_no_log_holds_a_word_a_number_or_an_address(
    sms: SmsProvider, mail: MailServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], status: int
) -> None:
    sms.status, mail.recipient = status, "250 ok" if status == 200 else "550 maryam@example.org is nobody"
    outbox.send_sms(PHONE, CODE)
    outbox.send_mail("maryam@example.org", "رمز ورود", CODE)
    with caplog.at_level(logging.DEBUG):
        outbox.deliver_waiting()
        jobs.deliver_anyway.func(0)
    out, err = capfd.readouterr()
    logged = caplog.text + out + err
    for secret in (CODE, "۴۷۱۱۰۸", "9131234567", "maryam", "رمز", "secret"):
        assert secret not in logged


def test_a_failure_names_neither_the_message_nor_whom_it_is_for(sms: SmsProvider, mail: MailServer) -> None:
    sms.status, mail.recipient = 500, "550 maryam@example.org is nobody"
    with pytest.raises(sms_integration.SmsFailed) as sms_failed:
        sms_integration.deliver(gateway=sms.url, token="secret", phone=PHONE, text=CODE, key="k")
    with pytest.raises(mail_integration.MailFailed) as mail_failed:
        mail_integration.deliver(
            gateway=mail.url, sender="a@b.example", to="maryam@example.org", subject="رمز", text=CODE, key="k"
        )
    assert str(sms_failed.value) == "the SMS gateway answered 500"
    assert str(mail_failed.value) == "the mail server could not take it: SMTPRecipientsRefused"
    assert sms_failed.value.__suppress_context__
    assert mail_failed.value.__suppress_context__


def test_messages_and_read_notices_are_forgotten_in_time() -> None:
    old, new = outbox.send_sms(PHONE, "کهنه"), outbox.send_sms(PHONE, "تازه")
    Message.objects.filter(pk=old.pk).update(made_at=clock.now() - timedelta(days=91))
    jobs.forget.func(0)
    assert list(Message.objects.all()) == [new]
