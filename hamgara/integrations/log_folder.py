"""The folder from which the public log is served: files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


class LogFolder:
    """A folder of files by their path. Everything in it is public."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def fetch(self, path: str) -> bytes | None:
        """The bytes of a file; None when it is not there."""
        try:
            return (self.root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write all of these, and return when no power cut can take them away. Raises OSError, such as for no space."""
        folders = set()
        for path, content in files.items():
            folders |= self._write(path, content)
        for folder in sorted(folders, reverse=True):
            settle(folder)

    def forget_partials(self, path: str) -> None:
        """Remove the narrower forms of a tile or bundle that is there in full."""
        shutil.rmtree(self.root / f"{path}.p", ignore_errors=True)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else on this machine writes here now."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def _write(self, path: str, content: bytes) -> set[Path]:
        """Put one file in its place; the folders whose new names are still to be settled."""
        target = self.root / path
        folders = {target.parent}
        for missing in target.parents:
            if missing.exists():
                break
            folders.add(missing.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        return folders


def settle(folder: Path) -> None:
    """No power cut takes away the names that the files of this folder have now."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
