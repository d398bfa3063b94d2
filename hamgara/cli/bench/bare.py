"""What pages are measured against: Django views with nothing around them. One reads 20 rows, the other says hello."""

from __future__ import annotations

import argparse
from functools import cache

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from hamgara.cli import web

PAGE = """<!doctype html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>20 rows</title></head>
<body><h1>20 rows</h1><ol>{% for row in rows %}<li><h2>{{ row.title }}</h2><p>{{ row.text|truncatechars:120 }}</p>
<p>{{ row.code }} {{ row.state }} {{ row.submitted_at|date:"Y-m-d" }} {{ row.support_count }}</p></li>
{% endfor %}</ol></body></html>"""


@cache
def template() -> Template:
    return Template(PAGE)


def view(request: HttpRequest) -> HttpResponse:
    from hamgara.domain.demands.models import Demand

    rows = Demand.objects.order_by("-id")[:20]  # by the one index that is there whatever our lists need
    return HttpResponse(template().render(Context({"rows": rows})))


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


urlpatterns = [path("", view), path("hello/", hello)]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    web.add_arguments(parser)


def run(args: argparse.Namespace) -> None:
    settings.ROOT_URLCONF = "hamgara.cli.bench.bare"
    django.setup()
    settings.MIDDLEWARE = []  # only now: allauth refuses to be set up without its own
    web.run(args)
