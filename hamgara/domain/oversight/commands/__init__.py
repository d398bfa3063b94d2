"""What is done in oversight: the only writers of this floor."""

from hamgara.domain.oversight.commands.draws import call_for_words, give_words, open_review, open_waiting
from hamgara.domain.oversight.commands.forgetting import forget_person
from hamgara.domain.oversight.commands.lives import ReviewLife, write_reviews
from hamgara.domain.oversight.commands.monitors import end_monitor, register_monitor
from hamgara.domain.oversight.commands.panel import (
    appeal,
    give_verdict,
    lapse,
    recuse,
    remind_reviewer,
    replace_absent,
    settle,
)

__all__ = [
    "ReviewLife",
    "appeal",
    "call_for_words",
    "end_monitor",
    "forget_person",
    "give_verdict",
    "give_words",
    "lapse",
    "open_review",
    "open_waiting",
    "recuse",
    "register_monitor",
    "remind_reviewer",
    "replace_absent",
    "settle",
    "write_reviews",
]
