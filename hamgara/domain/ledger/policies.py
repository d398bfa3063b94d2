"""The answer of every policy: allowed, or denied with a reason that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Permission:
    """The act may be done."""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True)
class Denied:
    """The act may not be done. `reason` says, in the reader's language, what stands against it and what to do.

    It is `overtaken` where it could have been done until somebody acted first; what they did stands in the ledger under
    the subject `about`, unless the reason tells all of it.
    """

    reason: str
    overtaken: bool = False
    about: str = ""

    def __bool__(self) -> Literal[False]:
        return False


Allowed = Permission()
Decision = Permission | Denied
