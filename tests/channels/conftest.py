"""Gateways that the house is set to use, and none unless a test asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.channels import gateways


@pytest.fixture(autouse=True)
def _no_gateways(settings: Any) -> None:
    settings.SMS_GATEWAY = settings.MAIL_GATEWAY = ""


@pytest.fixture
def sms(settings: Any, _no_gateways: None) -> Iterator[gateways.SmsProvider]:
    with gateways.sms_provider() as provider:
        settings.SMS_GATEWAY, settings.SMS_TOKEN = provider.url, "secret"
        yield provider


@pytest.fixture
def mail(settings: Any, _no_gateways: None) -> Iterator[gateways.MailServer]:
    with gateways.mail_server() as server:
        settings.MAIL_GATEWAY, settings.DEFAULT_FROM_EMAIL = server.url, "Hamgara <post@hamgara.example>"
        yield server
