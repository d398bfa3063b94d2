"""One whole loop with people whose names and words can be looked for: in the ledger, in the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client

from hamgara import charter, clock
from hamgara.channels import outbox
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.imports.models import BadRow, Import
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.moderation import commands as moderation
from hamgara.domain.moderation.models import REASONS
from hamgara.domain.moderation.queries import case_of
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.oversight import commands as oversight
from hamgara.domain.oversight.models import AppealVoice, Review, Verdict
from hamgara.domain.people import commands as people
from hamgara.domain.people import jobs as person_jobs
from hamgara.domain.people.commands import Self
from hamgara.domain.people.models import Person
from tests import factories as make
from tests.oversight import examining as examine

NAME, PHONE, MAIL = "پروانه گلابچی", "+989131234567", "parvaneh@example.org"
TITLE, TEXT, ADDRESS = "چراغ کوچهٔ گلابچی خاموش است", "آقای همسایه، حسن کلهری، هم دیده است", "پلاک هفده، روبه‌روی نانوایی"
COMMENT, FINDINGS, KNOWN_AS, REASON = "من هم دیدم، نرگس‌خانم", "آنچه دیدیم", "ناظر محلهٔ ما", "بیماری مادرم"
LAID_DOWN = "از کار افتادگی پدرم"


UNREAD, VOICE = "همسایه‌ام شب‌ها اره می‌کشد", "داوران پشت دیوار را ندیدند"


@dataclass
class Loop:
    """Who took part, and everything of theirs that is nobody else's."""

    author: Person
    monitor: Person
    secrets: list[str] = field(default_factory=list)


def lived() -> Loop:
    """A demand from its making to its closing; mandates given and laid down, a monitor coming and going, a link."""
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
    organisations.end_mandate(
        by=make.acting(author), mandate=make.mandate(body, author, "representative"), reason=LAID_DOWN
    )
    demand = make.admitted(
        make.acting(author), unit=make.unit(), title=TITLE, text=TEXT, address=ADDRESS, point=(33.982371, 51.427693)
    )
    demands.comment(by=make.acting(author), demand=demand, text=COMMENT)
    review = examine.settled(review=examine.drawn(author=make.acting(author)))
    catch_up()
    keys = [str(person.key) for person in (author, monitor)]
    said = [NAME, PHONE, MAIL, TITLE, TEXT, ADDRESS, "33.982371", COMMENT, FINDINGS, KNOWN_AS, REASON, LAID_DOWN, token]
    assert review.outcome
    return Loop(author, monitor, [*keys, *said])


def left_everywhere(person: Person) -> None:
    """`person` also takes part in everything else, and stands in every table in which a person can stand."""
    by = make.acting(person)
    people.issue_sign_in_link(by=FOUNDERS, person=person)
    EmailAddress.objects.create(user=person, email=MAIL, verified=True, primary=True)
    TOTP.activate(person, generate_totp_secret())
    browser = Client()
    browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    demands.withdraw(by=by, demand=make.demand(by, title=UNREAD, text=UNREAD, address=ADDRESS))
    asked = make.admitted(by)
    demands.ask_back(by=make.office_officer(), demand=asked, text=UNREAD)
    demands.tell_more(by=by, demand=asked, text=VOICE)
    demands.note(by=make.office_officer(), demand=asked, text=f"{NAME}: {UNREAD}")
    theirs = make.admitted()
    demands.support(by=by, demand=theirs)
    demands.comment(by=by, demand=theirs, text="من هم", show_name=True)
    hidden = demands.comment(by=by, demand=theirs, text=UNREAD)
    case = case_of(f"comment.{hidden.key}")
    assert case is not None
    moderation.hide(
        by=make.office_officer(), case=case, reason=next(iter(charter.choices(REASONS))), words="نام همسایه"
    )
    moderation.appeal(by=by, case=case, words=VOICE)
    other = case_of(f"comment.{demands.comment(by=make.acting(), demand=theirs, text='دیگری').key}")
    assert other is not None
    moderation.report(by=by, case=other, reason=next(iter(charter.choices(REASONS))), words=VOICE)
    body = make.organisation(head=person)
    make.mandate(body)
    review = examine.settled(review=examine.drawn(author=by))
    oversight.appeal(by=by, review=review, reason=VOICE)
    oversight.register_monitor(
        by=make.office_officer(), person=person, known_as=NAME, until=clock.today() + timedelta(days=90)
    )
    run = Import.objects.create(kind="people", sha256="0" * 64, by=person)
    BadRow.objects.create(run=run, number=1, cells=[NAME, PHONE, MAIL], reason="?")
    BadRow.objects.create(run=run, number=2, cells=["۰۹۱۳-۱۲۳-۴۵۶۷"], reason="?")
    BadRow.objects.create(run=run, number=3, cells=["09137654321"], reason="?")
    outbox.send_sms(PHONE, "رمز شما ۱۲۳۴۵۶ است")
    outbox.send_mail(MAIL, "رمز", "رمز شما ۱۲۳۴۵۶ است")
    catch_up()


def counts() -> dict[str, object]:
    """Every number that a page shows, or that is counted for one."""
    shown = ("code", "support_count", "follow_count", "comment_count", "reopen_call_count", "attachment_count", "state")
    return {
        "demands": list(Demand.objects.order_by("pk").values(*shown)),
        "rows": [(d.supports.count(), d.follows.count(), d.comments.count()) for d in Demand.objects.order_by("pk")],
        "reviews": list(Review.objects.order_by("pk").values("code", "state", "outcome")),
        "verdicts": Verdict.objects.count(),
        "voices": AppealVoice.objects.count(),
    }


def erase(person: Person) -> None:
    """From the wish to the end, as the calendar and the followers do it."""
    people.ask_erasure(by=make.acting(person), person=person)
    with make.days_later(charter.number("people.erasure_waits") + 0.01):
        for _turn in range(2):
            person_jobs.erase_whose_time_has_come()
            examine.follow()
    person.refresh_from_db()
    assert person.erased_at is not None
