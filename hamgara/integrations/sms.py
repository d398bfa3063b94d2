"""SMS through any provider that takes an HTTP request; the provider is settings, not code."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import Any

TIMEOUT = 10  # seconds; a provider that hangs must not hold the worker


class _Stay(urllib.request.HTTPRedirectHandler):
    """A provider that has moved is one that failed: a followed redirect would lose the message on its way."""

    def redirect_request(self, *args: Any) -> None:
        return None


_http = urllib.request.build_opener(_Stay)


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
        with _http.open(request, timeout=TIMEOUT):
            return
    except urllib.error.HTTPError as error:
        error.close()
        raise SmsFailed(f"the SMS gateway answered {error.code}") from None
    except (OSError, http.client.HTTPException) as error:
        raise SmsFailed(f"the SMS gateway could not be reached: {type(error).__name__}") from None
