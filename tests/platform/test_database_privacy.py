"""The embedded PostgreSQL lets no word of people into its log, and steps into no folder of somebody else's."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from hamgara.integrations import database


def test_its_log_holds_no_words_of_people(tmp_path: Path) -> None:
    with (
        database.start(tmp_path / "pg") as server,
        psycopg.connect(server.url, autocommit=True) as connection,
        pytest.raises(psycopg.Error),
    ):
        connection.execute("SELECT 'a secret of somebody' FROM nothing_there")
    assert "secret" not in (tmp_path / "pg.log").read_text()


def test_a_link_that_somebody_else_put_into_its_way_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "trap"
    trap.symlink_to(tmp_path)
    monkeypatch.setattr(database, "socket_folder", lambda data: trap)
    with pytest.raises(database.DatabaseUnavailable, match="belongs to another user"):
        database.start(tmp_path / "pg")
