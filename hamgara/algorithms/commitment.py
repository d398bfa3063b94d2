"""A salted commitment to one personal field: it binds today, and says nothing once the salt is erased.

The form is that of a disclosure in SD-JWT (RFC 9901, section 4.2): the hash of an array of salt, name and value,
here in canonical JSON behind a prefix of its own. Hiding rests on the salt (16 to 32 random bytes, one per field and
entry, chosen by the caller), binding on SHA-256.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from typing import Any

from hamgara.algorithms import canonical

DOMAIN = b"hamgara-commitment-v1\x00"
SHORTEST_SALT, LONGEST_SALT = 16, 32


def commit(field: str, value: Any, salt: bytes) -> str:
    """The commitment to `value` in `field` (a path such as «data.name»): 43 characters of base64url.

    SHA-256(DOMAIN ‖ canonical JSON of [base64url(salt), field, value]), without padding. Raises ValueError for a salt
    that is not 16 to 32 bytes, and NotCanonical for a value that has no canonical form.
    """
    if not SHORTEST_SALT <= len(salt) <= LONGEST_SALT:
        raise ValueError(f"a salt has {SHORTEST_SALT} to {LONGEST_SALT} bytes, not {len(salt)}")
    return _base64url(hashlib.sha256(DOMAIN + canonical.encode([_base64url(salt), field, value])).digest())


def opens(commitment: str, field: str, value: Any, salt: bytes) -> bool:
    """Whether `field`, `value` and `salt` are what `commitment` was made of. Raises as `commit` does."""
    return hmac.compare_digest(commitment.encode(), commit(field, value, salt).encode())


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
