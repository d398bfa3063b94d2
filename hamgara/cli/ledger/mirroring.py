"""Copy a log into a folder and check it there; the next time it takes only what is new.

A copy that was cut off goes on where it ended. The checkpoint is put in place when everything below it is there and
right, so that a mirror never shows a head that it cannot prove. A head that does not continue the one that was copied
before is kept beside it as evidence, and the mirror stays as it was.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from hamgara.algorithms.tlog import Missing, Wrong
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.notes import Note
from hamgara.algorithms.tlog.policies import Policy
from hamgara.algorithms.tlog.tiles import paths_for
from hamgara.cli.ledger import verifying
from hamgara.integrations.log_files import files_of
from hamgara.integrations.log_folder import LogFolder
from hamgara.integrations.published_log import CHECKPOINT, POLICY, Fetch, PublishedLog

TOGETHER, AT_ONCE = 8, 128  # files that are asked for at a time; files that are written together


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("where", metavar="URL", help="the address of the log")
    parser.add_argument("folder", metavar="DIR", type=Path, help="the folder of the mirror; made, if it is not there")
    parser.add_argument(
        "--policy", type=Path, help="the file that says whose signatures count; without it, the log's own is believed"
    )


def run(args: argparse.Namespace) -> int:
    print(verifying.told(mirror(files_of(args.where), LogFolder(args.folder), verifying.given(args.policy))))
    return 0


def mirror(source: Fetch, folder: LogFolder, policy: Policy | None) -> PublishedLog:
    """Bring the mirror in `folder` to where the log is now. Raises Wrong, Unreachable, OSError."""
    new = PublishedLog.read(source, policy)
    paths = (path for path in paths_for(new.head.size) if not (folder.root / path).exists())
    taken = 0
    with ThreadPoolExecutor(TOGETHER) as pool:
        while some := list(islice(paths, AT_ONCE)):
            folder.write(dict(zip(some, pool.map(lambda path: _file(source, path), some), strict=True)))
            taken += len(some)
            if sys.stderr.isatty():
                print(f"\r  {taken} files", end="", file=sys.stderr, flush=True)
    copied = PublishedLog(folder.fetch, new.note, new.policy, new.standing)
    verifying.check(copied, verifying.progress(new.head.size))
    require_continued(folder, copied)
    folder.write({POLICY: str(new.policy).encode()})
    folder.write({CHECKPOINT: str(new.note).encode()})
    return copied


def _file(source: Fetch, path: str) -> bytes:
    found = source(path)
    if found is None:  # a partial one may have been filled since the checkpoint was read; that holds it too
        found = source(path.partition(".p/")[0])
    if found is None:
        raise Missing(f"{path} is not there")
    return found


def require_continued(folder: LogFolder, new: PublishedLog) -> None:
    """The log only added to what was copied before. Raises Wrong, and keeps what shows that it did not."""
    written = folder.fetch(CHECKPOINT)
    if written is None:
        return
    old = kept_head(written)  # signed by whom was asked when it was kept; the log may have other keys by now
    if old.origin != new.head.origin:
        raise Wrong(f"{folder.root} has a copy of {old.origin}, which is another log than {new.head.origin}")
    if old.size <= new.head.size and new.reader.root_at(old.size) == old.root:
        return
    kept = f"evidence/{old.size}-{new.head.size}-{new.head.root.hex()[:16]}"
    folder.write({kept: f"{written.decode()}\n\n{new.note}".encode()})
    raise Wrong(
        f"the log shows {new.head.size} entries that do not continue the {old.size} that it showed before: "
        f"acts were changed or taken away. Both signed heads are kept in {folder.root / kept}; show them to others"
    )


def kept_head(written: bytes) -> Checkpoint:
    """The head in a checkpoint that was checked before it was kept. Raises Malformed."""
    return Checkpoint.parse(Note.parse(written).text)
