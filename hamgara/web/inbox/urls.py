"""Addresses of the officers' inbox."""

from django.urls import path

from hamgara.web.inbox import bulk, desk, exports, presence, templates, views, workload

app_name = "inbox"
urlpatterns = [
    path("", desk.listing, name="list"),
    path("inbox.<str:written>", exports.export, name="export"),
    path("bulk/", bulk.act, name="bulk"),
    path("templates/", templates.listing, name="templates"),
    path("templates.<str:written>", templates.export, name="export_templates"),
    path("templates/new/", templates.add, name="add_template"),
    path("templates/<uuid:key>/", templates.change, name="change_template"),
    path("workload/", workload.page, name="workload"),
    path("workload.<str:written>", workload.export, name="export_workload"),
    path("<str:code>/open/", presence.still_open, name="still_open"),
    path("<str:code>/", views.detail, name="detail"),
]
