"""The witness programs: what they answer, what they keep, and that nothing makes them say two things."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from hamgara.algorithms.tlog import tiles, tree
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.cosignatures import signed_by
from hamgara.algorithms.tlog.exchange import NO_PROOF, TWO_ROOTS, Request, cosignatures_in
from hamgara.algorithms.tlog.notes import Note
from hamgara.cli import main
from hamgara.cli.witness import pulling
from hamgara.cli.witness.serving import LARGEST, Server
from hamgara.cli.witness.state import OLDER_HEAD, ClockWrong, State, Unusable
from hamgara.integrations import log_files
from tests.algorithms.tlog_twins import LOG, ORIGIN, WITNESSES, entry, files, memory, signed

ROOT = Path(__file__).parents[2]
TREE = memory(700)
FORK = tree.Tree(tree.leaf_hash(b"otherwise %d" % number) for number in range(700))


@pytest.fixture
def state(tmp_path: Path) -> State:
    made = State.begin(tmp_path / "witness", "ngo.example/witness")
    made.add_log(str(LOG.verifier), None)
    return made


@pytest.fixture
def server(state: State) -> Iterator[Server]:
    with Server(("127.0.0.1", 0), state) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def head(size: int, of: tree.Tree = TREE) -> Note:
    return signed(size, of.root(size))


def request(old: int, size: int, of: tree.Tree = TREE) -> str:
    return str(Request(old, tuple(of.consistency(old, size)), head(size, of)))


def ask(server: Server, method: str, path: str, body: bytes | str = b"", **headers: str) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    try:
        connection.request(method, path, body.encode() if isinstance(body, str) else body, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type", ""), answer.read().decode()
    finally:
        connection.close()


def test_a_server_cosigns_what_continues_and_shows_it(server: Server, state: State) -> None:
    assert ask(server, "GET", f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint")[0] == 404
    for old, size in ((0, 3), (3, 500), (500, 500), (500, 700)):
        status, _kind, body = ask(server, "POST", "/add-checkpoint", request(old, size))
        assert status == 200, body
        note = Note(head(size).text, cosignatures_in(body))
        assert [each.key for each in signed_by(note, [state.verifier])] == [state.verifier]
    status, kind, shown = ask(server, "GET", f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint")
    assert (status, kind) == (200, "text/plain; charset=utf-8")
    assert len(signed_by(Note.parse(shown), [state.verifier, LOG.verifier])) == 2
    assert Checkpoint.parse(Note.parse(shown).text).size == 700
    assert ORIGIN in ask(server, "GET", "/")[2]


def test_every_refusal_has_its_status(server: Server, state: State) -> None:
    assert ask(server, "POST", "/add-checkpoint", request(0, 40))[0] == 200
    assert ask(server, "POST", "/add-checkpoint", request(0, 60)) == (409, "text/x.tlog.size", "40\n")
    assert ask(server, "POST", "/add-checkpoint", "old 40\n\ngarbage")[0] == 400
    assert ask(server, "POST", "/add-checkpoint", b"\xff\x00" * 500)[0] == 400
    assert ask(server, "POST", "/add-checkpoint", request(40, 60).replace(ORIGIN, "a.example"))[0] == 404
    assert ask(server, "POST", "/add-checkpoint", request(40, 60).replace("\n60\n", "\n61\n"))[0] == 403
    assert ask(server, "POST", "/add-checkpoint", request(40, 60, FORK))[0] == 422
    assert ask(server, "POST", "/add-checkpoint", b"x" * (LARGEST + 1))[0] == 413
    assert ask(server, "POST", "/add-checkpoint", **{"Content-Length": "-1"})[0] == 411
    assert ask(server, "POST", "/sign-subtree", "x")[0] == 404
    for path in ("/../key", "/key", "/%2e%2e/checkpoint", "/x/checkpoint"):
        assert ask(server, "GET", path)[0] == 404
    assert ask(server, "PUT", "/")[0] == 501
    held = state.head(ORIGIN)
    assert held is not None
    assert Checkpoint.parse(held.text).size == 40


def test_two_heads_of_one_size_are_kept_and_shown_once(server: Server, state: State) -> None:
    assert ask(server, "POST", "/add-checkpoint", request(0, 40))[0] == 200
    forked = str(Request(40, (), head(40, FORK)))
    for _time in range(2):
        assert ask(server, "POST", "/add-checkpoint", forked)[0] == 422
    (kept,) = state.evidence()
    assert kept["reason"] == TWO_ROOTS
    heads = [Note.parse(kept["held"]), Note.parse(kept["offered"])]
    assert all(signed_by(each, [LOG.verifier]) for each in heads)
    assert len({Checkpoint.parse(each.text).root for each in heads}) == 2
    assert TWO_ROOTS in ask(server, "GET", "/evidence")[2]


def test_of_two_at_once_one_is_told_to_ask_again(state: State) -> None:
    """Ten ask for ten continuations of nothing; whichever is first, no smaller head follows a larger one."""
    statuses: list[int] = []
    sizes = range(60, 70)

    def submit(size: int) -> None:
        statuses.append(State(state._folder).decide(request(0, size)).weighed.status)

    threads = [threading.Thread(target=submit, args=(size,)) for size in sizes]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(statuses) == [200] + [409] * 9


def test_killed_between_keeping_and_answering_it_remembers(state: State, tmp_path: Path) -> None:
    """The log never got the answer: it asks as before, hears the size, and gets the cosignature of the same head."""
    code = (
        "import os, sys, pathlib\n"
        "from hamgara.cli.witness.state import State\n"
        f"State(pathlib.Path({str(tmp_path / 'witness')!r})).decide(sys.stdin.read())\n"
        "os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code], input=request(0, 40), text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    )
    assert killed.returncode == -9
    again = State(tmp_path / "witness")
    assert again.decide(request(0, 50)).weighed.held == 40
    assert again.decide(str(Request(40, (), head(40, FORK)))).cosignature is None
    assert again.decide(request(40, 40)).cosignature is not None


def test_a_full_disk_keeps_the_old_head_and_gives_no_signature(
    server: Server, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.decide(request(0, 40))

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        status, _kind, body = ask(server, "POST", "/add-checkpoint", request(40, 60))
    assert status == 500
    assert "—" not in body
    assert state.decide(request(40, 60)).cosignature is not None
    assert not list((state._folder / "heads").glob(".new-*"))


def test_no_time_is_signed_that_lies_before_the_last_one_or_is_absurd(
    server: Server, state: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def signed_at(clock: float, size: int) -> int | None:
        monkeypatch.setattr(time, "time", lambda: clock)
        made = state.decide(request(held(), size)).cosignature
        return None if made is None else int.from_bytes(made.blob[:8], "big")

    def held() -> int:
        note = state.head(ORIGIN)
        return 0 if note is None else Checkpoint.parse(note.text).size

    day, began = 86_400, 1_800_000_000
    with pytest.raises(ClockWrong, match="says 1970-01-01"):  # its battery is empty
        signed_at(5, 30)
    assert signed_at(began, 40) == began
    assert signed_at(began, 40) == began, "the same second is no step back"
    with pytest.raises(ClockWrong, match="it went back"):
        signed_at(began - 1, 50)
    assert held() == 40
    assert ask(server, "POST", "/add-checkpoint", request(40, 50))[::2] == (503, "the clock of this witness is wrong\n")
    with pytest.raises(ClockWrong, match="91 days after the last signature"):
        signed_at(began + 91 * day, 50)
    where = ["--state", str(state._folder)]
    assert main(["witness", "clock", "--right", *where]) == 0  # it was a long summer
    assert signed_at(began + 91 * day, 50) == began + 91 * day
    monkeypatch.setattr(time, "time", lambda: began)
    assert main(["witness", "clock", "--right", *where]) == 2, "nobody can talk it into going back"
    assert "it went back" in capsys.readouterr().err


def test_a_head_that_cannot_be_read_is_not_forgotten(server: Server, state: State) -> None:
    state.decide(request(0, 40))
    (kept,) = (state._folder / "heads").iterdir()
    kept.write_text(kept.read_text()[:-9])
    assert ask(server, "POST", "/add-checkpoint", request(0, 60))[0] == 500
    with pytest.raises(Unusable, match="Do not delete"):
        state.head(ORIGIN)


def write_log(folder: Path, size: int, of: str = "true") -> None:
    entries = [entry(n) if of == "true" else b"otherwise %d" % n for n in range(size)]
    edge, made = files(entries)
    made["checkpoint"] = str(signed(size, edge.root)).encode()
    for path, data in made.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def test_pulling_checks_the_log_by_its_own_files(state: State, tmp_path: Path) -> None:
    log = tmp_path / "log"
    write_log(log, 40)
    assert pulling.pull(state, str(log)).before == 0
    write_log(log, 700)
    pulled = pulling.pull(state, str(log))
    assert (pulled.before, pulled.checkpoint.size) == (40, 700)
    assert [each.key for each in signed_by(pulled.note, [state.verifier])] == [state.verifier]
    assert pulling.pull(state, str(log)).before == 700  # nothing new: the time is new


def test_pulling_finds_a_rolled_back_and_a_forked_log(state: State, tmp_path: Path) -> None:
    log = tmp_path / "log"
    write_log(log, 300)
    pulling.pull(state, str(log))
    for size, of, told in ((40, "true", "40 entries after"), (300, "other", "two roots"), (700, "other", "root")):
        write_log(log, size, of)
        with pytest.raises(pulling.Misbehaved, match=told):
            pulling.pull(state, str(log))
    assert {each["reason"] for each in state.evidence()} == {OLDER_HEAD, TWO_ROOTS, NO_PROOF}
    write_log(log, 600)
    (log / tiles.tile_path(0, 1)).unlink()
    with pytest.raises(log_files.Unreachable, match="missing"):  # this time it only is not whole
        pulling.pull(state, str(log))
    assert len(list(state.evidence())) == 3


class _City(BaseHTTPRequestHandler):
    """Serves the files of a log, and takes or refuses cosignatures."""

    folder: Path
    taken: list[bytes]
    status = 200

    def do_GET(self) -> None:
        file = self.folder / self.path.removeprefix("/log/")
        self.send_response(200 if file.is_file() else 404)
        self.end_headers()
        self.wfile.write(file.read_bytes() if file.is_file() else b"")

    def do_POST(self) -> None:
        self.taken.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture
def city(tmp_path: Path) -> Iterator[tuple[type[_City], str]]:
    handler = type("City", (_City,), {"folder": tmp_path / "log", "taken": []})
    with HTTPServer(("127.0.0.1", 0), handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield handler, f"http://127.0.0.1:{listening.server_port}/log/"
        listening.shutdown()
        thread.join()


def test_a_volunteer_makes_a_key_knows_a_log_and_pulls(
    tmp_path: Path, city: tuple[type[_City], str], capsys: pytest.CaptureFixture[str]
) -> None:
    handler, address = city
    where = ["--state", str(tmp_path / "mine")]
    write_log(tmp_path / "log", 300)
    assert main(["witness", "pull", *where]) == 2
    assert "hamgara witness key" in capsys.readouterr().err
    assert main(["witness", "key", "ngo.example/witness", *where]) == 0
    assert "+" in capsys.readouterr().out
    assert main(["witness", "key", "ngo.example/witness", *where]) == 2
    assert main(["witness", "pull", *where]) == 2
    assert main(["witness", "log", str(LOG.verifier), address, *where]) == 0
    assert main(["witness", "pull", *where]) == 0
    key = State(tmp_path / "mine").verifier
    note = Note.parse(handler.taken[0])
    assert note.text == signed(300, memory(300).root()).text
    assert [each.key for each in signed_by(note, [key])] == [key]
    assert main(["witness", "evidence", *where]) == 0
    handler.status = 403
    assert main(["witness", "pull", *where]) == 2
    write_log(tmp_path / "log", 300, "other")
    assert main(["witness", "pull", *where]) == 1
    assert "NOT COSIGNED" in capsys.readouterr().err
    assert main(["witness", "evidence", *where]) == 1
    assert (tmp_path / "mine" / "key").stat().st_mode & 0o077 == 0
    (tmp_path / "log" / "checkpoint").write_bytes(b"<html>")
    assert main(["witness", "pull", *where]) == 2


def test_what_nobody_may_believe_is_not_taken_in(
    state: State, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--state", str(state._folder)]
    weak = f"a.example+{sha256(b'a.example' + bytes([10, 1, 1]) + bytes(31)).hexdigest()[:8]}+"
    weak += b64encode(bytes([1, 1]) + bytes(31)).decode()
    for vkey in (weak, str(WITNESSES[0].verifier), "x"):
        assert main(["witness", "log", vkey, *where]) == 2
    assert main(["witness", "key", "two words", "--state", str(tmp_path / "other")]) == 2
    assert main(["witness", "run", "--listen", "nowhere", *where]) == 2
    capsys.readouterr()
    for address in ("file:///etc/passwd", "ftp://a.example/", "http://", "http://a:99999/"):
        with pytest.raises(log_files.Unreachable, match="not an address"):
            log_files.files_of(address)


def test_a_witness_needs_neither_django_nor_a_database(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from hamgara.cli import main\n"
        "assert main(['witness', 'key', 'ngo.example/w', '--state', sys.argv[1]]) == 0\n"
        "assert main(['witness', 'evidence', '--state', sys.argv[1]]) == 0\n"
        "loaded = {each.partition('.')[0] for each in sys.modules}\n"
        "assert not loaded & {'django', 'psycopg', 'numpy', 'yaml', 'babel'}, loaded\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "w")], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
