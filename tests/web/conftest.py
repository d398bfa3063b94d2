"""Pages remember the city for a process; here cities come and go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hamgara.web import context


@pytest.fixture(autouse=True)
def _no_city_remembered() -> Iterator[None]:
    context.forget_city()
    yield
    context.forget_city()


@pytest.fixture(autouse=True)
def _own_folders(settings: object, tmp_path: Path) -> None:
    """Uploads of a test go with it, and it has no collected static files."""
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    settings.STATIC_ROOT = tmp_path / "static"  # type: ignore[attr-defined]
    (tmp_path / "static").mkdir()
