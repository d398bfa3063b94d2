"""What may happen to a thing in which state: a table that the code obeys and the docs draw.

A lifecycle is a finite directed graph: states are its nodes, and every verb is a set of edges into one state.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Generic, TypeVar

S = TypeVar("S", bound=str)


class WrongState(Exception):
    """The verb exists, but not from the state the thing is in."""

    def __init__(self, lifecycle: str, state: str, verb: str, possible: tuple[str, ...]) -> None:
        able = ", ".join(possible) or "nothing: this is an end"
        super().__init__(f"{lifecycle}: cannot {verb} from {_value(state)!r}; possible there: {able}")
        self.lifecycle = lifecycle
        self.state = state
        self.verb = verb
        self.possible = possible


class Lifecycle(Generic[S]):
    """The states of one kind of thing and the verbs between them.

    `verbs` maps each verb to (the states it may start from, the state it ends in). States are strings, usually a
    string enum; a plain string equal to a member is that member, because that is what a database row gives.
    Raises ValueError for a table without verbs from anywhere, or names that cannot stand in a drawing.
    """

    def __init__(self, name: str, initial: S, verbs: Mapping[str, tuple[AbstractSet[S], S]]) -> None:
        self.name = name
        self.initial = initial
        self._table: dict[str, tuple[frozenset[S], S]] = {v: (frozenset(f), to) for v, (f, to) in verbs.items()}
        for verb, (sources, _) in self._table.items():
            if not sources:
                raise ValueError(f"{name}: {verb} starts from no state")
        named = {s for sources, to in self._table.values() for s in (*sources, to)} | {initial}
        # An enum may hold states that the table forgets; they count, so that `unreachable` can tell.
        declared: set[S] = {*type(initial)} if isinstance(initial, Enum) else set()
        for word in (*self._table, *map(_value, named | declared)):
            if not word.isidentifier():
                raise ValueError(f"{name}: {word!r} is not a name")
        reached = self._breadth_first()
        self.states: tuple[S, ...] = (*reached, *sorted((named | declared) - set(reached), key=_value))

    def after(self, state: S, verb: str) -> S:
        """The state that `verb` leads to from `state`. Raises WrongState, or KeyError for a verb that is not here."""
        sources, to = self._table[verb]
        if state not in sources:
            raise WrongState(self.name, state, verb, self.verbs(state))
        return to

    def allows(self, state: S, verb: str) -> bool:
        """Whether `verb` is possible from `state`. Raises KeyError for a verb that is not here."""
        return state in self._table[verb][0]

    def verbs(self, state: S) -> tuple[str, ...]:
        """The verbs possible from `state`, in the order of the table."""
        return tuple(verb for verb, (sources, _) in self._table.items() if state in sources)

    @property
    def ends(self) -> frozenset[S]:
        """The states that no verb leaves."""
        return frozenset(s for s in self.states if not self.verbs(s))

    def unreachable(self) -> frozenset[S]:
        """The states that no chain of verbs reaches from the initial one; should be empty."""
        return frozenset(self.states) - frozenset(self._breadth_first())

    def mermaid(self) -> str:
        """The drawing for the docs, a Mermaid stateDiagram-v2; the same table gives the same text."""
        lines = ["stateDiagram-v2", f"    [*] --> {_value(self.initial)}"]
        for state in self.states:
            for verb in self.verbs(state):
                lines.append(f"    {_value(state)} --> {_value(self._table[verb][1])}: {verb}")
            if state in self.ends:
                lines.append(f"    {_value(state)} --> [*]")
        return "\n".join(lines)

    def _breadth_first(self) -> tuple[S, ...]:
        found = [self.initial]
        for state in found:  # grows while it is read: a queue
            found.extend(dict.fromkeys(t for f, t in self._table.values() if state in f and t not in found))
        return tuple(found)


def _value(state: str) -> str:
    # str() of a string enum may be «Class.MEMBER»; its value is always the plain string.
    return str(state.value) if isinstance(state, Enum) else state
