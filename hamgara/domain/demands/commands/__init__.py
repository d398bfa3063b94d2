"""What is done with demands: the only writers of this floor."""

from hamgara.domain.demands.commands.answering import (
    close,
    explain,
    find_not_doable,
    go_back,
    look_again,
    mark_answered,
    note_deadline,
    refuse,
    reopen,
)
from hamgara.domain.demands.commands.asking import ask_back, tell_more
from hamgara.domain.demands.commands.desk import give_back, hand_over, note, take
from hamgara.domain.demands.commands.fields import add_field, change_field, set_route
from hamgara.domain.demands.commands.files import made_safe
from hamgara.domain.demands.commands.forgetting import forget_person
from hamgara.domain.demands.commands.lives import Life, write_lives
from hamgara.domain.demands.commands.making import submit, withdraw
from hamgara.domain.demands.commands.passing import ask_author, confirm_done, deny_done, escalate, remind
from hamgara.domain.demands.commands.past import PastDemand, take_over
from hamgara.domain.demands.commands.templates import add_template, change_template, remove_template
from hamgara.domain.demands.commands.triage import admit, appeal, decline, merge, route, unmerge
from hamgara.domain.demands.commands.voices import (
    call_for_reopening,
    comment,
    follow,
    look,
    support,
    unfollow,
    withdraw_support,
)

__all__ = [
    "Life",
    "PastDemand",
    "add_field",
    "add_template",
    "admit",
    "appeal",
    "ask_author",
    "ask_back",
    "call_for_reopening",
    "change_field",
    "change_template",
    "close",
    "comment",
    "confirm_done",
    "decline",
    "deny_done",
    "escalate",
    "explain",
    "find_not_doable",
    "follow",
    "forget_person",
    "give_back",
    "go_back",
    "hand_over",
    "look",
    "look_again",
    "made_safe",
    "mark_answered",
    "merge",
    "note",
    "note_deadline",
    "refuse",
    "remind",
    "remove_template",
    "reopen",
    "route",
    "set_route",
    "submit",
    "support",
    "take",
    "take_over",
    "tell_more",
    "unfollow",
    "unmerge",
    "withdraw",
    "withdraw_support",
    "write_lives",
]
