"""What was written into a form of this floor, checked: words, numbers and dates, or what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.algorithms.canonical import LARGEST_INTEGER
from hamgara.algorithms.persian.digits import fold
from hamgara.algorithms.persian.text import clean
from hamgara.domain.commitments.models import INDICATOR_LENGTH, UNIT_LENGTH
from hamgara.domain.commitments.policies import shown
from hamgara.domain.ledger.commands import Invalid

LARGEST_NUMBER = Decimal("99999999999999")
MOST_HOURS = 1_000_000


class Problems(dict[str, str]):
    """Field → what is wrong with it; raised together, so that a form tells everything at once."""

    def words(self, field: str, text: str, longest: int, missing: str = "", *, lines: bool = True) -> str:
        """The text as it will be kept; `missing` says what to write where something must be written.

        Without `lines`, it becomes one line.
        """
        text = clean(text).strip() if lines else " ".join(clean(text).split())
        if not text and missing:
            self[field] = missing
        elif len(text) > longest:
            self[field] = _("This text is too long: at most %(count)s characters.") % {"count": shown(longest)}
        return text

    def day_ahead(self, field: str, day: date) -> date:
        """A date from today on, not beyond what the charter lets be promised."""
        latest = clock.today() + charter.period("commitments.due_at_most")
        if day < clock.today():
            self[field] = _("This date has passed. Choose a day from today on.")
        elif day > latest:
            self[field] = _("This date is too far ahead: the charter allows promises for at most %(days)s days.") % {
                "days": shown(charter.number("commitments.due_at_most"))
            }
        return day

    def amount(self, field: str, value: int | None, most: int) -> int | None:
        if value is not None and not 0 <= value <= most:
            self[field] = _("Write a whole number that is not below zero and not so large.")
        return value

    def quantity(self, field: str, value: Any) -> Decimal:
        """A number in any digits."""
        try:
            number = Decimal(fold(str(value)))
        except InvalidOperation:
            self[field] = _("Write a number.")
            return Decimal(0)
        if not (number.is_finite() and 0 <= number <= LARGEST_NUMBER):
            self[field] = _("Write a number that is not below zero and not so large.")
            return Decimal(0)
        return number.quantize(Decimal("0.01"))

    def indicators(self, wished: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """One to three: what is measured, the number to be reached, and its unit."""
        most = charter.number("commitments.indicators_at_most")
        if not 1 <= len(wished) <= most:
            self["indicators"] = _(
                "Name between one and %(most)s numbers by which everybody can see that the promise was kept."
            ) % {"most": shown(most)}
        return [
            {
                "position": n,
                "text": self.words(
                    f"indicators_{n}_text",
                    each.get("text", ""),
                    INDICATOR_LENGTH,
                    _("Write what will be measured."),
                    lines=False,
                ),
                "target": self.quantity(f"indicators_{n}_target", each.get("target", "")),
                "unit": self.words(f"indicators_{n}_unit", each.get("unit", ""), UNIT_LENGTH, lines=False),
            }
            for n, each in enumerate(wished)
        ]

    def rial(self, field: str, value: int | None) -> int | None:
        return self.amount(field, value, LARGEST_INTEGER)

    def check(self) -> None:
        if self:
            raise Invalid(self)


def plain(number: Decimal) -> str:
    """A number as the ledger has it: text, without needless zeros."""
    return f"{number.normalize():f}"
