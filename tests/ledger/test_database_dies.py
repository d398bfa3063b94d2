"""`kill -9` of the database itself while acts are being recorded: what was acknowledged stands, and stands whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hamgara.integrations import database
from tests.ledger.acts import ROOT

pytestmark = pytest.mark.xdist_group("embedded")

OPENING = "import json, django\ndjango.setup()\nfrom tests.ledger import acts\n"
MAKE_TABLES = (
    OPENING
    + """
from django.core.management import call_command
for app in ("ledger", "procrastinate"):
    call_command("migrate", app, verbosity=0)
"""
)
ACT_WITHOUT_END = (
    OPENING
    + """
n = 0
while True:
    acts.say(by=acts.Somebody(), thing=f"{n}", then=lambda: print("middle", flush=True))
    print(n, flush=True)
    n += 1
"""
)
TELL_WHAT_STANDS = (
    OPENING
    + """
from hamgara.domain.ledger import jobs, models
from hamgara.algorithms import canonical
jobs.FOLLOWERS.clear()
heard = []
jobs.follower("ear", acts.Said)(lambda entry: heard.append(entry.data["thing"]))
jobs.catch_up()
entries = models.Entry.objects.order_by("pk")
print(json.dumps({
    "rows": sorted(models.Heartbeat.objects.values_list("part", flat=True), key=int),
    "entries": [canonical.decode_strict(bytes(entry.canonical))["data"]["thing"] for entry in entries],
    "openings": models.Opening.objects.count(),
    "positions": list(models.Position.objects.order_by("number").values_list("number", flat=True)),
    "heard": heard,
}))
"""
)


def child(server: database.Server, code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": server.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(server: database.Server, code: str) -> str:
    out, err = child(server, code).communicate(timeout=120)
    assert not err, err
    return out


def test_a_database_killed_in_the_middle_of_acts_has_all_that_was_acknowledged_and_nothing_half(tmp_path: Path) -> None:
    with database.start(tmp_path / "pg") as server:
        told(server, MAKE_TABLES)
        acting = child(server, ACT_WITHOUT_END)
        assert acting.stdout is not None
        acknowledged: list[str] = []
        for line in acting.stdout:
            if line != "middle\n":
                acknowledged.append(line.strip())
            elif len(acknowledged) == 20:
                os.kill(server.pid, signal.SIGKILL)  # an act is written, recorded, and not committed
        assert acting.wait(60) != 0, "whoever acts hears that it did not work"
        acting.communicate()

    with database.start(tmp_path / "pg") as server:
        stands = json.loads(told(server, TELL_WHAT_STANDS))
    # At most one more: committed, with the answer lost on its way.
    assert stands["entries"][: len(acknowledged)] == acknowledged
    assert len(stands["entries"]) <= len(acknowledged) + 1
    assert stands["rows"] == stands["entries"] == stands["heard"]
    assert stands["openings"] == 2 * len(stands["entries"])
    assert stands["positions"] == list(range(len(stands["entries"])))
