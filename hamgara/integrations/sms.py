"""SMS through any provider that takes an HTTP request; the provider is settings, not code."""

from __future__ import annotations

import json
import urllib.request

TIMEOUT = 10  # seconds; a provider that hangs must not hold the worker


class SmsFailed(Exception):
    """The provider did not take the message; it may be tried again."""


def deliver(*, gateway: str, token: str, phone: str, text: str, key: str) -> None:
    """Hand one SMS to the provider at `gateway`.

    `key` is the same each time the same message is tried, so that a provider which honours it sends once.
    Raises `SmsFailed` with no word of the message or the number in it.
    """
    request = urllib.request.Request(  # noqa: S310 - the operator names the gateway
        gateway,
        data=json.dumps({"to": phone, "text": text, "key": key}).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}", "Idempotency-Key": key},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            if answer.status >= 300:
                raise SmsFailed(f"the SMS gateway answered {answer.status}")
    except OSError as error:
        raise SmsFailed(f"the SMS gateway could not be reached: {type(error).__name__}") from None
