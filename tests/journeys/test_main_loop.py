"""The whole loop in a real browser, in Persian: from a voice to a result that reviewers drawn by lot have confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from hamgara import clock
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.oversight.models import Review, Seat
from tests.journeys.people import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

TITLE = "نیمکت برای ایستگاه اتوبوس گلچقانه"


@pytest.mark.parametrize(
    ("width", "scripts"), [(1280, True), (360, True), (360, False)], ids=["wide", "phone", "phone-without-javascript"]
)
def test_a_demand_goes_from_a_voice_to_a_verified_result(
    visitor: Callable[..., Visitor], width: int, scripts: bool
) -> None:
    def somebody(code: str) -> Visitor:
        return visitor(width=width, scripts=scripts).sign_in(code)

    citizen = somebody("zahra")
    citizen.open("/demands/new/").write(field="traffic", kind="request", place="golchaqaneh", title=TITLE)
    citizen.write(text="سالمندان هر روز نیم ساعت ایستاده منتظر می‌مانند.").press("فرستادن مطالبه")
    demand = Demand.objects.get()
    citizen.page.wait_for_url(f"**/demands/{demand.code}/")
    assert citizen.fits()
    catch_up()

    supporter = somebody("ali")
    supporter.open(f"/demands/{demand.code}/").press("من هم حمایت می‌کنم")
    assert supporter.reads("شما حامی این مطالبه هستید.")

    # The participation office looks after what no unit has taken up, and passes it on.
    office = somebody("maryam")
    office.open(f"/inbox/{demand.code}/").press("پذیرفتن")
    assert office.reads("مطالبه پذیرفته شد")
    office.unfold("route").write("#route", unit="district-1", reason="ایستگاه در محدودهٔ منطقهٔ ۱ است.")
    office.send("#route form")
    catch_up()

    officer = somebody("leila")
    officer.open("/inbox/")
    assert officer.reads(TITLE)
    officer.open(f"/commitments/new/?demand={demand.code}")
    officer.write(title="گذاشتن دو نیمکت", what="دو نیمکت پشت‌دار کنار ایستگاه گذاشته می‌شود.")
    officer.write(indicators_0_text="نیمکت", indicators_0_target="۲", indicators_0_unit="عدد")
    officer.write_date(clock.today() + timedelta(days=20)).send("main form.form")
    commitment = demand.commitments.get()
    officer.page.wait_for_url(f"**/commitments/{commitment.code}/")
    officer.send("#start")
    officer.unfold("report").write("#report", claimed_0="۲", text="هر دو نیمکت از دیروز سر جایشان است.")
    officer.send("#report form")
    catch_up()
    demand.refresh_from_db()
    assert demand.state == Demand.State.ANSWERED, "a claim closes nothing"

    review = Review.objects.get()
    citizen.open(f"/reviews/{review.code}/").write(words="باران نارنج هفده").send("#words form")
    catch_up()
    review.refresh_from_db()
    assert review.state == Review.State.DRAWN
    assert review.certificate is not None

    for seat in review.seats.filter(state=Seat.State.CALLED):
        reviewer = somebody(_who_answers_for(seat))
        reviewer.open("/reviewer/")
        assert reviewer.reads(commitment.title)
        reviewer.open(f"/reviewer/{seat.key}/")
        reviewer.choose(paper="yes", on_site="yes", effect="yes", overall="kept")
        reviewer.send("form[enctype]")
        assert reviewer.fits()
    catch_up()

    demand.refresh_from_db()
    assert (demand.state, demand.outcome) == (Demand.State.CLOSED, Demand.Outcome.KEPT)
    citizen.open(f"/demands/{demand.code}/")
    assert citizen.reads("بسته شد: داوران نتیجه را تأیید کردند")
    assert citizen.fits()
    if scripts:
        assert citizen.complaints == []


def _who_answers_for(seat: Seat) -> str:
    """The sample person who sits for a candidate that the lot has called."""
    if seat.monitor is not None:
        return str(seat.monitor.person.email).partition("@")[0]
    holder = seat.organisation.mandates.order_by("pk").first()
    return str(holder.person.email).partition("@")[0]
