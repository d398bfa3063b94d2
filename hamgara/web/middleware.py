"""What every answer passes through: the content security policy, and the domain's refusals made into pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from hamgara import charter
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.ledger.commands import Refused, Replayed
from hamgara.web import addresses
from hamgara.web.acting import SecondFactorMissing
from hamgara.web.doing import TOO_LATE
from hamgara.web.officers import to_second_factor
from hamgara.web.reading import number
from hamgara.web.telling import told

MEGABYTE = 1024 * 1024
TOO_LARGE = 413

Respond = Callable[[HttpRequest], HttpResponse]

LATEST = 2  # of what happened to a thing


class ContentSecurityPolicy:
    """Nothing runs or loads but what this house serves; map tiles are the one exception, when configured."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", policy())
        response.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
        return response


def policy() -> str:
    """The policy as the header has it."""
    tiles = ""
    if settings.MAP_TILES:
        scheme, _colon, rest = settings.MAP_TILES.partition("://")
        tiles = f" {scheme}://{rest.split('/')[0].replace('{s}', '*')}"
    return (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
        f"img-src 'self' data:{tiles}; style-src 'self'; script-src 'self'"
    )


class ChosenLanguage:
    """Persian, unless the reader chose another language here: many browsers are sold in English."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


class SizeOfWhatIsSent:
    """What is too large is refused by its announced size, before a byte of it is read (413).

    A form without files has its measure in the settings. Whoever is not signed in sends none with files.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            size, most = _announced(request), _most(request)
            if size > most:
                shown = number(max(1, most // MEGABYTE))
                return render(request, "413.html", {"most": shown}, status=TOO_LARGE)
        return self.get_response(request)


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _most(request: HttpRequest) -> int:
    """How many bytes may be sent to this address: the files that the charter lets in, and the form around them."""
    form = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if not request.user.is_authenticated:
        return form
    if request.path.startswith(reverse("imports:list")):
        return form + charter.number("imports.file_size") * MEGABYTE
    return form + charter.number("attachments.most_files") * charter.number("attachments.file_size") * MEGABYTE


class DomainAnswers:
    """A refused act is a page that says why (403, or 409 where somebody else acted first); a form that came twice leads
    to where it led the first time; whoever would act for the municipality without a second factor is led to it."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return _refused(request, exception)
        if isinstance(exception, SecondFactorMissing):
            return to_second_factor(request)
        if isinstance(exception, Replayed):
            messages.info(request, _("This had been done already; it was not done twice."))
            return HttpResponseRedirect(addresses.of_entry(exception.entry) or request.path)
        return None


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Why it was not done; where somebody acted first, also what they did and when, and what the reader had written."""
    here: dict[str, Any] = {"reason": refused.reason}
    if refused.overtaken:
        said = [value.strip() for name, values in request.POST.lists() if name != "once" for value in values]
        here["written"] = [words for words in said if " " in words]  # what people wrote, not what they chose
        if refused.about:
            here["happened"] = told(ledger.about(refused.about).order_by("-id")[:LATEST])
    return render(request, "refused.html", here, status=TOO_LATE if refused.overtaken else 403)
