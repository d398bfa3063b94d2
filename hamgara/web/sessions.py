"""Where sessions are kept: in rows that know whose they are."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from hamgara.domain.people.models import Session


class SessionStore(DatabaseSessions):
    """Django's sessions in the database, each with the person who is signed in."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.person_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        return row
