"""What is done with promises: the only writers of this floor."""

from hamgara.domain.commitments.commands.ends import (
    deadline_passed,
    resume,
    review_again,
    settle,
    warn_of_due,
    withdraw,
)
from hamgara.domain.commitments.commands.forgetting import forget_person
from hamgara.domain.commitments.commands.lives import PromiseLife, write_promises
from hamgara.domain.commitments.commands.promising import decline_to_join, join, let_proposal_lapse, promise
from hamgara.domain.commitments.commands.work import (
    add_part,
    change_due,
    complete_part,
    report_done,
    report_progress,
    start,
)

__all__ = [
    "PromiseLife",
    "add_part",
    "change_due",
    "complete_part",
    "deadline_passed",
    "decline_to_join",
    "forget_person",
    "join",
    "let_proposal_lapse",
    "promise",
    "report_done",
    "report_progress",
    "resume",
    "review_again",
    "settle",
    "start",
    "warn_of_due",
    "withdraw",
    "write_promises",
]
