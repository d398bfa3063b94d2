"""What happens to an import as a whole; each of its rows has an event of its own, in the chapter of the row."""

from __future__ import annotations

from dataclasses import dataclass

from hamgara.domain.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class _AboutImport:
    run: str

    def subjects(self) -> tuple[str, ...]:
        return (f"import:{self.run}",)


@dataclass(frozen=True, kw_only=True)
class Received(_AboutImport, Event, kind="imports.received"):
    """A file was handed in; nothing of it has been taken over yet."""

    about: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Started(_AboutImport, Event, kind="imports.started"):
    """Somebody said which column holds what, and that the rows be taken over."""

    about: str
    columns: list[str]  # what is taken from the file


@dataclass(frozen=True, kw_only=True)
class Checked(_AboutImport, Event, kind="imports.checked"):
    """The whole file could be read."""

    rows: int


@dataclass(frozen=True, kw_only=True)
class Advanced(_AboutImport, Event, kind="imports.advanced"):
    """Some more rows were dealt with."""

    up_to: int
    landed: int
    known: int
    bad: int


@dataclass(frozen=True, kw_only=True)
class Finished(_AboutImport, Event, kind="imports.finished"):
    """Every row was dealt with."""

    landed: int
    known: int
    bad: int


@dataclass(frozen=True, kw_only=True)
class Stopped(_AboutImport, Event, kind="imports.stopped"):
    """Somebody stopped it; what has been taken over stays."""

    done: int


@dataclass(frozen=True, kw_only=True)
class BrokenOff(_AboutImport, Event, kind="imports.broken_off"):
    """It could not go on; what has been taken over stays."""

    done: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class CarriedOn(_AboutImport, Event, kind="imports.carried_on"):
    """It goes on from the row at which it had ended."""

    done: int


@dataclass(frozen=True, kw_only=True)
class Discarded(_AboutImport, Event, kind="imports.discarded"):
    """The file was thrown away."""

    done: int


@dataclass(frozen=True, kw_only=True)
class FilesForgotten(Event, kind="imports.files_forgotten"):
    """Files whose time was over were deleted, with the rows that came back."""

    count: int

    def subjects(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class PersonForgotten(Event, kind="imports.person_forgotten"):
    """Somebody is being erased: how many imports go on without them, returned rows lost their words, files went."""

    erasure: str
    runs: int
    rows: int
    files: int

    def subjects(self) -> tuple[str, ...]:
        return ()
