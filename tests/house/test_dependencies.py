"""Every library that is taken in has a page that says why, and none that is «not yet» taken in is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "decisions").glob("*.md")}
NOT_YET = "not-yet.md"


def dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = [*project["dependencies"], *(each for more in project["optional-dependencies"].values() for each in more)]
    return sorted({re.split(r"[^\w-]", each)[0].lower() for each in told})


def named(library: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(library)}(?![\w-])", text, re.IGNORECASE) is not None


@pytest.mark.parametrize("library", dependencies())
def test_a_library_comes_with_a_page_of_its_decision(library: str) -> None:
    assert [page for page, text in PAGES.items() if page != NOT_YET and named(library, text)], (
        f"say in docs/decisions/ why {library}: alive, licensed, typed, light, right for ten years"
    )


@pytest.mark.parametrize("library", dependencies())
def test_what_is_taken_in_is_not_called_not_yet(library: str) -> None:
    waiting = PAGES[NOT_YET].split("\n\n")[1]
    assert not named(library, waiting)
