r"""The draw by lot: publicly verifiable, and chosen by nobody.

After RFC 3797 (publicly verifiable selection): once a seed is public, anybody computes the same order of the pool.
RFC 3797 takes its seed from lotteries and stock prices; here it comes from a coin flip by telephone (Blum 1981) between
the house and a person of the people's side (docs/decisions/draw.md):

1. the house publishes the pool and a commitment to a secret nonce, bound to the review and to that pool;
2. a person who does not serve the house gives words of their own;
3. the house opens the nonce. The seed is a hash of review, nonce, words and pool; whoever of the two was honest made it
   unpredictable to the other.

Every hash is SHA-256 in hexadecimal of UTF-8 texts with a NUL between them, so a sheet of paper, `sha256sum` and `sort`
recheck a draw. With the pool in pool.txt, one candidate a line, and the other values from the certificate:

    pool_hash=$(LC_ALL=C sort pool.txt | sha256sum | cut -c1-64)
    printf 'hamgara-nonce-v1\0%s\0%s\0%s' "$review" "$pool_hash" "$nonce" | sha256sum          # the commitment
    seed=$(printf 'hamgara-seed-v1\0%s\0%s\0%s\0%s' "$review" "$nonce" "$words" "$pool_hash" | sha256sum | cut -c1-64)
    while read -r candidate; do
      echo "$(printf 'hamgara-draw-v1\0%s\0%s' "$seed" "$candidate" | sha256sum | cut -c1-64) $candidate"
    done < pool.txt | LC_ALL=C sort

The first lines are the panel, the rest in their order are the replacements.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

NONCE_BYTES = 32

_ID = re.compile(r"[!-~]+")  # visible ASCII: reads the same in a file, in a shell and on paper
_SEED = re.compile(r"[0-9a-f]{64}")


class DrawError(ValueError):
    """What was given cannot be drawn from; the message says why."""


@dataclass(frozen=True)
class Draw:
    """A draw and its working: every candidate with its ticket, in the order of the tickets."""

    seed: str
    pool: tuple[str, ...]  # sorted
    tickets: tuple[tuple[str, str], ...]  # (ticket, candidate), lowest ticket first
    seats: int
    panel: tuple[str, ...]  # shorter than `seats` when the pool is
    replacements: tuple[str, ...]

    @property
    def vacant(self) -> int:
        """Seats for which the pool had no candidate."""
        return self.seats - len(self.panel)

    def next_after(self, used: Collection[str]) -> str | None:
        """The first replacement in the order of the lot who is not in `used`; None when there is none left."""
        return next((candidate for candidate in self.replacements if candidate not in used), None)

    def to_json(self, *, review_id: str, commitment: str, nonce: bytes, words: str) -> dict[str, Any]:
        """The certificate that `recheck` reads: all that went in and all that came out, as plain JSON values."""
        return {
            "rule": "hamgara-draw-v1",
            "review": review_id,
            "commitment": commitment,
            "nonce": nonce.hex(),
            "words": words,
            "seed": self.seed,
            "seats": self.seats,
            "pool": list(self.pool),
            "tickets": [list(pair) for pair in self.tickets],
            "panel": list(self.panel),
            "replacements": list(self.replacements),
        }


def commit_nonce(review_id: str, nonce: bytes, pool: Iterable[str]) -> str:
    """What the house publishes before it hears the words: 64 hexadecimal digits.

    The pool is bound too: after the words are known, choosing another pool would be choosing another lot. `nonce` is
    NONCE_BYTES random bytes of the caller. Raises DrawError.
    """
    return _sha256("hamgara-nonce-v1", _checked_id(review_id), pool_hash(pool), _checked_nonce(nonce))


def seed(review_id: str, nonce: bytes, words: str, pool: Iterable[str]) -> str:
    """The public seed, 64 hexadecimal digits. Raises DrawError.

    `words` is one line of text in NFC without spaces at its ends and without control characters, as anybody would
    type it again from the page; `algorithms.persian.text.clean` makes it so, but for line breaks.
    """
    if not words or words != words.strip() or any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in words):
        raise DrawError("the words are one line of text, not empty, without spaces at the ends or control characters")
    if not unicodedata.is_normalized("NFC", words):
        raise DrawError("the words are not in Unicode's normal form C, so they would not be typed the same way again")
    return _sha256("hamgara-seed-v1", _checked_id(review_id), _checked_nonce(nonce), words, pool_hash(pool))


def draw(seed: str, pool: Iterable[str], seats: int) -> Draw:
    """Draw `seats` of `pool`: order by SHA-256("hamgara-draw-v1" ‖ 0 ‖ seed ‖ 0 ‖ candidate), the first are the panel.

    A pool smaller than `seats` is drawn whole and leaves seats vacant; whether that is enough is the charter's rule.
    Raises DrawError for an empty pool, a candidate named twice or not in visible ASCII, no seats, an ill-formed seed.
    """
    if seats < 1:
        raise DrawError(f"a draw is for one seat or more, not {seats}")
    if _SEED.fullmatch(seed) is None:
        raise DrawError("a seed is 64 hexadecimal digits")
    candidates = _checked_pool(pool)
    tickets = tuple(sorted((_sha256("hamgara-draw-v1", seed, candidate), candidate) for candidate in candidates))
    order = tuple(candidate for _, candidate in tickets)
    return Draw(seed, candidates, tickets, seats, order[:seats], order[seats:])


def pool_hash(pool: Iterable[str]) -> str:
    """SHA-256 of the sorted candidates, each with a newline after it. Raises DrawError."""
    return hashlib.sha256("".join(f"{candidate}\n" for candidate in _checked_pool(pool)).encode()).hexdigest()


def recheck(certificate: Mapping[str, Any]) -> list[str]:
    """What is wrong with a certificate, in words; empty when it is right. Never raises.

    Written a second time on purpose, from the rule and not from the functions above, short enough to be read by
    whoever doubts them.
    """

    def sha256(*texts: str) -> str:
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()

    try:
        review, nonce, words, pool, seats = (
            certificate[name] for name in ("review", "nonce", "words", "pool", "seats")
        )
        # Shapes first: a NUL or a newline inside a name could make two different draws hash alike.
        shapes = [("review", review, "[!-~]+"), ("nonce", nonce, "[0-9a-f]{64}"), ("words", words, r"[^\x00-\x1f]+")]
        shapes += [("pool", candidate, "[!-~]+") for candidate in pool]
        if bad := [f"{name}: {text!r} is ill-formed" for name, text, shape in shapes if not re.fullmatch(shape, text)]:
            return bad
        if not pool or seats < 1:
            return ["there is no candidate or no seat"]
        pool_is = hashlib.sha256("".join(f"{candidate}\n" for candidate in pool).encode()).hexdigest()
        seed_is = sha256("hamgara-seed-v1", review, nonce, words, pool_is)
        tickets = sorted([sha256("hamgara-draw-v1", seed_is, candidate), candidate] for candidate in pool)
        order = [candidate for _, candidate in tickets]
        right = {
            "rule": "hamgara-draw-v1",
            "pool": sorted(set(pool)),
            "commitment": sha256("hamgara-nonce-v1", review, pool_is, nonce),
            "seed": seed_is,
            "tickets": tickets,
            "panel": order[:seats],
            "replacements": order[seats:],
        }
        return [_difference(name, right[name], certificate[name]) for name in right if certificate[name] != right[name]]
    except KeyError as missing:
        return [f"the certificate lacks {missing}"]
    except (TypeError, ValueError, AttributeError) as error:
        return [f"the certificate cannot be read: {error}"]


def _difference(name: str, right: object, said: object) -> str:
    if isinstance(right, list) and isinstance(said, list):
        place = 0
        while place < min(len(right), len(said)) and right[place] == said[place]:
            place += 1
        name = f"{name}, place {place + 1}"
        right, said = (some[place] if place < len(some) else "nothing" for some in (right, said))
    return f"{name}: should be {right}, but the certificate says {said}"


def _sha256(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _checked_pool(pool: Iterable[str]) -> tuple[str, ...]:
    candidates = sorted(_checked_id(candidate) for candidate in pool)
    if not candidates:
        raise DrawError("the pool is empty: there is nobody to draw")
    twice = sorted({one for one, other in pairwise(candidates) if one == other})
    if twice:
        raise DrawError(f"named more than once in the pool: {', '.join(twice)}")
    return tuple(candidates)


def _checked_id(name: str) -> str:
    if _ID.fullmatch(name) is None:
        raise DrawError(f"{name!r} is not a name in visible ASCII without spaces")
    return name


def _checked_nonce(nonce: bytes) -> str:
    if len(nonce) != NONCE_BYTES:
        raise DrawError(f"a nonce has {NONCE_BYTES} bytes, not {len(nonce)}")
    return nonce.hex()
