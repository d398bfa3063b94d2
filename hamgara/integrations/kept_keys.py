"""The private keys of the log: files side by side, each read by its owner alone, and by no page.

The first one lies at the path that is given; one that follows it lies beside, with its id behind the name. One that is
not to be used any more stays under a name that is passed over.
"""

from __future__ import annotations

import os
from pathlib import Path

from hamgara.algorithms.tlog.keys import SignerKey
from hamgara.integrations.log_folder import settle

LAID_ASIDE = ".compromised"


def files(path: Path) -> list[Path]:
    """Where the keys lie, the first one first."""
    beside = sorted(each for each in path.parent.glob(f"{path.name}.*") if each.suffix != LAID_ASIDE)
    return [each for each in (path, *beside) if each.exists()]


def kept(path: Path) -> list[SignerKey]:
    """The keys that are there. Raises Malformed for a file that holds none, OSError for one that cannot be read."""
    return [SignerKey.parse(each.read_text().strip()) for each in files(path)]


def keep(path: Path, key: SignerKey) -> None:
    """Put a key beside those that are there, or at the path itself; on the disk when this returns. Raises OSError."""
    target = path.with_name(f"{path.name}.{key.verifier.key_id.hex()}") if files(path) else path
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(f"{key.secret()}\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    settle(target.parent)


def lay_aside(path: Path, key_id: bytes) -> Path | None:
    """Never use this key again; where its file lies now, None where it is not here."""
    for each in files(path):
        if SignerKey.parse(each.read_text().strip()).verifier.key_id == key_id:
            aside = each.with_name(f"{path.name}.{key_id.hex()}{LAID_ASIDE}")
            each.replace(aside)
            settle(aside.parent)
            return aside
    return None
