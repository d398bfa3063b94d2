"""Tracking codes: eight digits, the last of which catches a slip of the pen.

The check digit is Damm's: a quasigroup in which every single wrong digit and every swap of two neighbours changes the
result (H. M. Damm, «Total anti-symmetrische Quasigruppen», Marburg 2004).
"""

from __future__ import annotations

from hamgara.algorithms.persian import digits

LENGTH = 8
HALF = LENGTH // 2

_QUASIGROUP = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def _damm(number: str) -> int:
    interim = 0
    for digit in number:
        interim = _QUASIGROUP[interim][int(digit)]
    return interim


def with_check_digit(payload: int) -> str:
    """The code of `payload`, which has at most seven digits."""
    if not 0 <= payload < 10 ** (LENGTH - 1):
        raise ValueError(f"{payload} does not fit into {LENGTH - 1} digits")
    number = f"{payload:0{LENGTH - 1}}"
    return f"{number}{_damm(number)}"


def read(typed: str) -> str | None:
    """The code that somebody typed, in any digits, with or without dashes and spaces; None if it is no code."""
    plain = _plain(typed)
    return plain if looks_like_one(typed) and _damm(plain) == 0 else None


def looks_like_one(typed: str) -> bool:
    """As many digits as a code has and nothing else, whether its check digit is right or not."""
    plain = _plain(typed)
    return len(plain) == LENGTH and plain.isascii() and plain.isdecimal()


def _plain(typed: str) -> str:
    return digits.fold(typed).translate({ord(c): None for c in "-–—ـ\n"})


def show(code: str) -> str:
    """The code as it is read aloud: «1234-5678»."""
    return f"{code[:HALF]}-{code[HALF:]}"
