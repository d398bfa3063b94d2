"""The addresses of the pages, area by area."""

from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from hamgara.web.charter.privacy import privacy
from hamgara.web.charter.views import charter
from hamgara.web.gathering.views import gathering
from hamgara.web.home.views import home
from hamgara.web.outbox.views import outbox
from hamgara.web.views import openly_writing

urlpatterns = [
    path("", home, name="home"),
    path("search/", include("hamgara.web.search.urls")),
    path("demands/", include("hamgara.web.demands.urls")),
    path("inbox/", include("hamgara.web.inbox.urls")),
    path("", include("hamgara.web.record.urls")),
    path("organisations/", include("hamgara.web.organisations.urls")),
    path("commitments/", include("hamgara.web.commitments.urls")),
    path("reviews/", include("hamgara.web.reviews.urls")),
    path("reviewer/", include("hamgara.web.reviewer.urls")),
    path("figures/", include("hamgara.web.figures.urls")),
    path("places/", include("hamgara.web.places.urls")),
    path("charter/", charter, name="charter"),
    path("charter/privacy/", privacy, name="privacy"),
    path("gathering/", gathering, name="gathering"),
    path("me/", include("hamgara.web.me.urls")),
    path("moderation/", include("hamgara.web.moderation.urls")),
    path("office/moderation/", include("hamgara.web.moderation.office_urls")),
    path("office/monitors/", include("hamgara.web.monitors.urls")),
    path("office/witnesses/", include("hamgara.web.witnesses.urls")),
    path("office/fields/", include("hamgara.web.fields.urls")),
    path("office/imports/", include("hamgara.web.imports.urls")),
    path("office/", include("hamgara.web.office.urls")),
    path("outbox/", outbox, name="outbox"),
    # Without a token, which would need a cookie on every stranger's page: a forged choice of language does no harm.
    path("language/", openly_writing(csrf_exempt(set_language)), name="set_language"),
]
