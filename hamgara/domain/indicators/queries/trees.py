"""In whose scorecards a place, field or body is counted today: its own, and those of all that it is a part of."""

from __future__ import annotations

from collections.abc import Mapping

from hamgara.domain.demands.models import Field
from hamgara.domain.organisations.models import Organisation, Place

Tree = Mapping[str, frozenset[str]]


def _steps(path: str) -> frozenset[str]:
    return frozenset(path.strip("/").split("/"))


def places() -> Tree:
    """Each place counts for itself and for all in which it lies."""
    return {code: _steps(path) for code, path in Place.objects.values_list("code", "path")}


def fields() -> Tree:
    """Each field counts for itself and for the larger one."""
    return {code: _steps(path) for code, path in Field.objects.values_list("code", "path")}


def bodies(*, units: bool, only: set[str] | None = None) -> Tree:
    """Each body counts for itself, for all above it, and for whoever took over when it was merged or closed.

    With `only`, of these bodies alone; those who took over from them are found all the same.
    """
    unit = Organisation.Kind.MUNICIPAL_UNIT
    some = Organisation.objects.filter(kind=unit) if units else Organisation.objects.exclude(kind=unit)
    rows = {
        code: (_steps(path), heir)
        for code, path, heir in some.values_list("code", "path", "successor__code").order_by()
    }

    def above(code: str) -> frozenset[str]:
        found: set[str] = set()
        ahead = [code]
        while ahead:
            each = ahead.pop()
            if each not in found:
                found.add(each)
                steps, heir = rows.get(each, (frozenset(), None))
                ahead += [*steps, *([heir] if heir else [])]
        return frozenset(found)

    return {code: above(code) for code in (rows if only is None else rows.keys() & only)}


def below(tree: Tree, top: str) -> list[str]:
    """All codes that count for `top`, itself among them."""
    return [code for code, tops in tree.items() if top in tops]
