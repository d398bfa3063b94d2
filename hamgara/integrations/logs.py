"""Lines of the log without what people wrote: where something went wrong, never whose words or number it was."""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType
from typing import TypeAlias

Trouble: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

# Whoever reads an unused link in the log could sign in with it.
SIGN_IN_LINK = re.compile(r"(?<=/accounts/link/)[^/\s?]+")


class Line(logging.Formatter):
    """One record; of an error its kind and the way to it, because its own words may quote a row or a form."""

    def format(self, record: logging.LogRecord) -> str:
        return SIGN_IN_LINK.sub("…", super().format(record))

    def formatException(self, ei: Trouble) -> str:
        told: list[str] = []
        seen: set[int] = set()  # errors can point at each other in a ring
        error: BaseException | None = ei[1]
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            told.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__)
            error = error.__cause__ if error.__suppress_context__ else error.__context__
        return "\nwhich came of\n".join(told)
