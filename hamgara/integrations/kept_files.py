"""The folder of what people uploaded: a file stands there only if the act that brought it was done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

_written: ContextVar[list[Path] | None] = ContextVar("written", default=None)


class KeptFiles(FileSystemStorage):
    """A folder that leaves no half a file when its disk is full, and knows what was written in an act."""

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        written = _written.get()
        if written is not None:
            written.append(path)  # before the first byte: the disk may be full after some
        try:
            saved: str = super()._save(name, content)  # type: ignore[misc]
        except OSError:
            if written is None:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            raise
        if written is not None:
            written.append(Path(self.path(saved)))
        return saved


@contextmanager
def gone_if_it_fails() -> Iterator[None]:
    """What is written within goes again if the act comes to nothing; a database can take back rows, and no files."""
    token = _written.set([])
    try:
        yield
    except BaseException:
        for path in _written.get() or ():
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise
    finally:
        _written.reset(token)
