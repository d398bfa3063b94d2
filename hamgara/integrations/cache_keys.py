"""Keys of the shared cache, in which no network address and no phone number can be read."""

from __future__ import annotations

from django.utils.crypto import salted_hmac


def sealed(key: str, prefix: str, version: int) -> str:
    """What Django calls a cache's KEY_FUNCTION. Only this installation's secret leads from the key to this."""
    return salted_hmac("hamgara.cache", f"{prefix}:{version}:{key}", algorithm="sha256").hexdigest()
