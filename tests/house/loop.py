"""One whole loop with people whose names and words can be looked for: in the ledger, in the log."""

from __future__ import annotations

from dataclasses import dataclass, field

from hamgara.domain.demands import commands as demands
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.oversight import commands as oversight
from hamgara.domain.people import commands as people
from hamgara.domain.people.commands import Self
from hamgara.domain.people.models import Person
from tests import factories as make
from tests.oversight import examining as examine

NAME, PHONE, MAIL = "پروانه گلابچی", "+989131234567", "parvaneh@example.org"
TITLE, TEXT, ADDRESS = "چراغ کوچهٔ گلابچی خاموش است", "آقای همسایه، حسن کلهری، هم دیده است", "پلاک هفده، روبه‌روی نانوایی"
COMMENT, FINDINGS, KNOWN_AS, REASON = "من هم دیدم، نرگس‌خانم", "آنچه دیدیم", "ناظر محلهٔ ما", "بیماری مادرم"


@dataclass
class Loop:
    """Who took part, and everything of theirs that is nobody else's."""

    author: Person
    monitor: Person
    secrets: list[str] = field(default_factory=list)


def lived() -> Loop:
    """A demand from its making to its closing, with a mandate given, a monitor who comes and goes, a link used."""
    author = people.register(by=FOUNDERS, name=NAME, email=MAIL)
    people.set_phone(by=Self(str(author.key)), person=author, phone=PHONE, verified=True)
    token = people.issue_sign_in_link(by=FOUNDERS, person=author)
    people.use_sign_in_link(by=FOUNDERS, token=token)
    monitor = make.person("کامران بیدگلی")
    seat = examine.monitor(person=monitor, known_as=KNOWN_AS)
    oversight.end_monitor(by=make.office_officer(), monitor=seat, reason=REASON)
    body = make.organisation()
    organisations.grant_mandate(
        by=make.head_of(body), organisation=body, person=author, role="reviewer", until=body.accredited_until
    )
    demand = make.admitted(
        make.acting(author), unit=make.unit(), title=TITLE, text=TEXT, address=ADDRESS, point=(33.982371, 51.427693)
    )
    demands.comment(by=make.acting(author), demand=demand, text=COMMENT)
    review = examine.settled(review=examine.drawn(author=make.acting(author)))
    catch_up()
    keys = [str(person.key) for person in (author, monitor)]
    said = [NAME, PHONE, MAIL, TITLE, TEXT, ADDRESS, "33.982371", COMMENT, FINDINGS, KNOWN_AS, REASON, token]
    assert review.outcome
    return Loop(author, monitor, [*keys, *said])
