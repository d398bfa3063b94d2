"""Trying commands for the tables of who may do what in which state, and leaving everything as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any

from django.db import transaction

from hamgara.domain.ledger.commands import Invalid, Refused
from hamgara.domain.ledger.models import Entry


def lets(act: Callable[[], object]) -> bool:
    """The command's policy lets it be done; whether what was sent is complete, or the time has come, is not asked."""
    with transaction.atomic():
        before = Entry.objects.count()
        try:
            act()
        except Refused as refused:
            if not str(refused.reason) or Entry.objects.count() != before:
                raise AssertionError("refused without a reason, or not before something was recorded") from refused
            return False
        except Invalid:
            return True
        finally:
            transaction.set_rollback(True)
    return True


def agrees(
    do: Callable[[Any, Any], object],
    roles: Mapping[str, Any],
    put: Callable[[str], Any],
    states: Iterable[str],
    *,
    who: set[str],
    when: set[str],
) -> list[str]:
    """Where the command says something else than the table: for every role in one state, and in every state for one."""
    wrong = []
    by_state = sorted(states, key=lambda state: state not in when)  # one in which it can be done comes first
    for place, state in enumerate(by_state):
        thing = put(state)
        for role, by in roles.items():
            if place == 0 or role == min(who):
                expected = role in who and state in when
                if lets(lambda by=by, thing=thing: do(by, thing)) != expected:
                    wrong.append(f"{role} when {state}: not {expected}")
    return wrong


def commands_of(commands: ModuleType) -> set[str]:
    """The names of an app's commands, without those that only write a made-up past and those of erasing."""
    every = {name for name, each in vars(commands).items() if getattr(each, "is_command", False)}
    return {name for name in every if not getattr(getattr(commands, name), "is_batch", False)} - {"forget_person"}
