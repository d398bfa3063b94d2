"""Files of a test go with it."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: Path) -> None:
    settings.IMPORTS_ROOT = tmp_path / "imports"  # type: ignore[attr-defined]
