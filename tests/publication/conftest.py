"""A folder and a key of its own for every log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def log_root(tmp_path: Path, settings: Any) -> Path:
    settings.LOG_ROOT, settings.LOG_KEY = tmp_path / "log", tmp_path / "log-key"
    settings.LOG_ORIGIN = "city.example/log/1"
    return tmp_path / "log"
