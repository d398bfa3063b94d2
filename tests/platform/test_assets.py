"""The font and the scripts that pages are served with: complete, small, and exactly those of the lock."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hamgara.cli import ROOT, assets, messages

pytestmark = pytest.mark.skipif(assets.stale(), reason="not built yet: run «hamgara assets»")


def letters_of_font() -> set[int]:
    from fontTools import ttLib

    with ttLib.TTFont(assets.VENDOR / "vazirmatn.woff2") as font:
        return set(font.getBestCmap())


def test_the_font_has_every_letter_that_the_catalogue_writes() -> None:
    written = {letter for entry in messages.read() for form in (entry.string or "") for letter in form}
    missing = {letter for letter in written if ord(letter) not in letters_of_font() and letter.isprintable()}
    assert not missing


def test_the_font_has_persian_arabic_and_latin_digits_and_the_half_space() -> None:
    wanted = set(map(ord, "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩0123456789پچژگکیءآأؤئة«»؟،؛٪٫٬\u200c\u200d"))
    assert wanted <= letters_of_font()


def test_the_font_is_variable_and_light() -> None:
    from fontTools import ttLib

    path = assets.VENDOR / "vazirmatn.woff2"
    assert path.stat().st_size < 50_000
    with ttLib.TTFont(path) as font:
        (axis,) = font["fvar"].axes
        assert (axis.axisTag, axis.minValue, axis.maxValue) == ("wght", 400, 700)


def test_scripts_point_to_nothing_that_is_not_served() -> None:
    for script in assets.VENDOR.rglob("*.js"):
        assert "sourceMappingURL" not in script.read_text(), script.name


def test_the_lock_names_versions_and_hashes_but_no_host() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    for name, version in wanted.items():
        locked = packages[f"node_modules/{name}"]
        assert locked["version"] == version
        assert locked["integrity"].startswith("sha512-")
    assert all("resolved" not in locked for locked in packages.values())


def test_the_python_lock_pins_everything_with_hashes_and_names_no_host() -> None:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    pinned = [n for n, line in enumerate(lines) if "==" in line.partition("#")[0]]
    assert len(pinned) > 50
    assert all(lines[n + 1].strip().startswith("--hash=sha256:") for n in pinned)


def test_another_lock_makes_them_stale(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert not assets.stale()
    other = tmp_path / "package.json"
    other.write_text("{}")
    monkeypatch.setattr(assets, "SOURCES", (other, *assets.SOURCES[1:]))
    assert assets.stale()
