"""What is done in moderation: the only writers of this floor."""

from hamgara.domain.moderation.commands.cases import (
    appeal,
    destroy_words,
    dismiss_appeal,
    forget_person,
    grant_appeal,
    hide,
    leave,
    note_deadline,
    remind,
    report,
    restore,
)
from hamgara.domain.moderation.commands.lives import CaseLife, write_cases

__all__ = [
    "CaseLife",
    "appeal",
    "destroy_words",
    "dismiss_appeal",
    "forget_person",
    "grant_appeal",
    "hide",
    "leave",
    "note_deadline",
    "remind",
    "report",
    "restore",
    "write_cases",
]
