"""Be a witness of public logs: see that a log only grows, and say so with a signature.

hamgara witness key NAME        make the key of this witness, once; prints what others must know of it
hamgara witness log VKEY URL    know a log by its public key
hamgara witness run             answer logs that ask (C2SP tlog-witness)
hamgara witness pull            ask the logs: for a computer that nobody can reach from outside
hamgara witness evidence        what speaks against a log
hamgara witness clock           the time that it would sign; --right: somebody has looked, and it is right

No Django and no database: Python and the library cryptography are enough. Exit status: 0 all is well, 1 a log
misbehaved, 2 something is missing or out of reach.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from pathlib import Path
from typing import NoReturn

from hamgara.algorithms.tlog import Wrong
from hamgara.cli.witness import pulling
from hamgara.cli.witness.serving import Server
from hamgara.cli.witness.state import ClockWrong, State, Unusable
from hamgara.integrations.log_files import Unreachable

STATE = Path.home() / ".local" / "share" / "hamgara-witness"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--state", type=Path, default=STATE, metavar="DIR", help="its folder (default: %(default)s)")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="key|log|run|pull|evidence|clock")
    key = verbs.add_parser("key", parents=[common], help="make the key of this witness")
    key.add_argument("name", metavar="NAME", help="who it is, as an address without https://: ngo.example/witness")
    log = verbs.add_parser("log", parents=[common], help="know a log by its public key")
    log.add_argument("vkey", metavar="VKEY", help="the public key as the log publishes it: name+id+key")
    log.add_argument("url", metavar="URL", nargs="?", help="where its files are, for «pull»")
    log.add_argument("--gone", action="store_true", help="others have had this key: never believe it again")
    run = verbs.add_parser("run", parents=[common], help="answer logs that ask")
    run.add_argument("--listen", default="127.0.0.1:8470", metavar="HOST:PORT", help="default: %(default)s")
    pull = verbs.add_parser("pull", parents=[common], help="ask the logs")
    pull.add_argument("--every", type=float, metavar="MINUTES", help="go on asking; once, if this is not given")
    pull.add_argument("--post", metavar="URL", help="where cosignatures go (default: the log's URL + /cosignatures)")
    verbs.add_parser("evidence", parents=[common], help="what speaks against a log")
    clock = verbs.add_parser("clock", parents=[common], help="the time that it would sign")
    clock.add_argument("--right", action="store_true", help="you have looked, and the clock shows the time as it is")


def run(args: argparse.Namespace) -> int:
    try:
        if args.verb == "key":
            return _key(args)
        state = State(args.state)
        return {"log": _log, "run": _run, "pull": _pull, "evidence": _evidence, "clock": _clock}[args.verb](state, args)
    except (Unusable, Wrong) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or args.state}: {error.strerror}", file=sys.stderr)
    return 2


def _key(args: argparse.Namespace) -> int:
    state = State.begin(args.state, args.name)
    print(f"{state.verifier}\n")
    print("This line is public: give it to the city and to whoever is to believe this witness.")
    print(f"The private key is in {args.state / 'key'}. Nobody asks for it. Do not copy this folder to a second")
    print("computer and do not put back an older copy of it: a witness must not forget what it has signed.")
    return 0


def _log(state: State, args: argparse.Namespace) -> int:
    if args.gone:
        others = state.forget_key(args.vkey)
        print(
            f"it is believed no more; {others or 'no'} other key of that log is known" + ("" if others else ": add one")
        )
        return 0
    log = state.add_log(args.vkey, args.url)
    print(f"{log.key.name} is known now" + (f", at {log.url}" if log.url else ""))
    return 0


def _run(state: State, args: argparse.Namespace) -> int:
    host, _colon, port = args.listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise Unusable(f"--listen is HOST:PORT, as in 127.0.0.1:8470, not {args.listen}")
    state.logs()
    with Server((host, int(port)), state) as server:
        signal.signal(signal.SIGTERM, _stop)
        print(f"{state.verifier.name} listens at http://{host}:{server.server_port}/", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("stopped")
    return 0


def _stop(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _pull(state: State, args: argparse.Namespace) -> int:
    asked = {log.url: log for log in state.logs() if log.url}
    if not asked:
        raise Unusable("no log with an address is known. Add one: hamgara witness log VKEY URL")
    waiting = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_signal: waiting.set())
    while True:
        status = max(_pull_one(state, url, args.post or f"{url.rstrip('/')}/cosignatures") for url in asked)
        if args.every is None:
            return status
        if waiting.wait(max(args.every, 0.1) * 60):
            return 0


def _pull_one(state: State, url: str, post: str) -> int:
    at = time.strftime("%Y-%m-%d %H:%M:%S")
    try:
        pulled = pulling.pull(state, url)
        size, before = pulled.checkpoint.size, pulled.before
        how = f"{before} before; it only grew" if size > before else "as before"
        print(f"{at} {pulled.checkpoint.origin}: {size} entries, {how if before else 'seen for the first time'}")
        pulling.hand_in(pulled, post)
        print(f"{at} cosigned, and handed in at {post}", flush=True)
    except pulling.Misbehaved as error:
        print(f"{at} NOT COSIGNED: {error}. It is kept: hamgara witness evidence", file=sys.stderr, flush=True)
        return 1
    except (Unreachable, Wrong, ClockWrong) as error:
        print(f"{at} {error}", file=sys.stderr, flush=True)
        return 2
    return 0


def _evidence(state: State, _args: argparse.Namespace) -> int:
    kept = list(state.evidence())
    for each in kept:
        at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(each["at"]))
        print(f"{at} {each['origin']}: {each['reason']}\n\nheld:\n{each['held'] or 'nothing'}\n")
        print(f"offered:\n{each['offered']}\n{'-' * 72}")
    print(f"{len(kept)} kept" if kept else "nothing speaks against any log")
    return 1 if kept else 0


def _clock(state: State, args: argparse.Namespace) -> int:
    now = state.trust_clock() if args.right else int(time.time())
    print(f"the clock says   {time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(now))} UTC")
    if last := state.last_signed():
        print(f"last signed at   {time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(last))} UTC")
    if args.right:
        print("It is believed from here on.")
    return 0
