"""A rule of counting is a published document: frozen, canonical JSON, known by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hamgara.algorithms import canonical

FORMAT = "hamgara-counting-rule-v1"

# What each method leaves open, and between what; all else is fixed by the method's own name and version.
CHOICES: dict[str, dict[str, tuple[object, ...]]] = {
    "gregory": {  # single transferable vote, weighted inclusive Gregory transfers
        "arithmetic": ("exact", "truncated"),
        "decimals": (None, *range(10)),
        "equal_ranks": ("end",),
        "quota": ("droop",),
        "surpluses": ("largest-first",),
        "ties": ("earlier-stages-then-lots",),
    },
    "meek": {
        "arithmetic": ("rounded-up",),
        "decimals": (9,),
        "equal_ranks": ("end",),
        "omega": ("0.000001",),
        "quota": ("droop-of-the-active",),
        "ties": ("earlier-stages-then-lots",),
    },
    "approval": {"arithmetic": ("exact",), "ties": ("approvals-then-lots",)},
    "phragmen": {"arithmetic": ("exact",), "ties": ("approvals-then-lots",)},
    "equal-shares": {"arithmetic": ("exact",), "completion": ("phragmen", "none"), "ties": ("approvals-then-lots",)},
}


class RuleError(ValueError):
    """This document is no rule of counting; the message says why."""


@dataclass(frozen=True)
class Rule:
    """A rule that can be counted by. Two rules are the same exactly if their hashes are."""

    name: str
    source: str  # the law, statute or paper that says so
    method: str
    choices: tuple[tuple[str, object], ...]  # sorted by name

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Rule:
        """The rule that a published document states. Raises RuleError for anything missing, unknown or added."""
        if document.get("format") != FORMAT:
            raise RuleError(f"a rule of counting has the format {FORMAT!r}")
        method = document.get("method")
        if not isinstance(method, str) or method not in CHOICES:
            raise RuleError(f"the method is one of {', '.join(sorted(CHOICES))}")
        open_choices = CHOICES[method]
        said = {key: value for key, value in document.items() if key not in ("format", "method", "name", "source")}
        for key in sorted(set(said) | set(open_choices)):
            if key not in open_choices:
                raise RuleError(f"{method} leaves no choice called {key!r}")
            if key not in said:
                raise RuleError(f"the rule does not say {key!r}")
            if said[key] not in open_choices[key] or isinstance(said[key], bool):
                raise RuleError(f"{key!r} is one of {', '.join(map(repr, open_choices[key]))}, not {said[key]!r}")
        if method == "gregory" and (said["arithmetic"] == "exact") != (said["decimals"] is None):
            raise RuleError("decimals are said exactly if the arithmetic is truncated")
        name, source = document.get("name"), document.get("source")
        if not isinstance(name, str) or not name or not isinstance(source, str) or not source:
            raise RuleError("a rule has a name and a source")
        return cls(name, source, method, tuple(sorted(said.items())))

    def document(self) -> dict[str, object]:
        """What is published: the same that it was read from."""
        return {
            "format": FORMAT,
            "method": self.method,
            "name": self.name,
            "source": self.source,
            **dict(self.choices),
        }

    def sha256(self) -> str:
        """The hash of the canonical document, by which others name the rule."""
        return hashlib.sha256(canonical.encode(self.document())).hexdigest()

    @property
    def decimals(self) -> int | None:
        """How many decimals are kept; None where numbers are exact."""
        value = dict(self.choices).get("decimals")
        return value if isinstance(value, int) else None
