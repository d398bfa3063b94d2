"""The folder of what people uploaded: a file stands there only if the act that brought it was done.

A process that is killed between a file and its act's commit leaves one behind, which no row names: `sweep` finds it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models import FileField

LEFT_BEHIND = 24 * 3600  # seconds after which no act is still under way
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


def left_behind(older_than: float = LEFT_BEHIND) -> list[Path]:
    """Files of acts that came to nothing: no row names them, and they are older than any act that is under way."""
    root, before = Path(default_storage.path("")), time.time() - older_than
    old = [path for path in _files(root) if path.stat().st_mtime < before]
    if not old:
        return []
    named = set(_named())  # after the folder was read, so that whatever came meanwhile is no matter
    return [path for path in old if path.relative_to(root).as_posix() not in named]


def _files(root: Path) -> Iterator[Path]:
    for folder, _folders, names in os.walk(root):
        yield from (Path(folder, name) for name in names)


def _named() -> Iterator[str]:
    """What the columns of all tables name, of whatever app: one that is forgotten here would lose its files."""
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, FileField):
                yield from model._base_manager.values_list(column.attname, flat=True).iterator(chunk_size=5000)


def sweep() -> int:
    """Remove what was left behind; how many files it was."""
    gone = 0
    for path in left_behind():
        with suppress(OSError):
            path.unlink()
            gone += 1
    return gone
