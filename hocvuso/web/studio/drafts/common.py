"""What every page of a draft begins with: the draft in reach, its file, and whether one may write."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.csp import CSP, build_policy

from hocvuso.authoring.folders import LESSON
from hocvuso.authoring.models import Draft, DraftFile
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest

HERE = (May.AUTHOR, May.REVIEW)


def draft_of(request: PersonRequest, pk: UUID) -> Draft:
    """The draft in reach of who asks."""
    return get_object_or_404(Draft.objects.visible_to(request.user).select_related("unit").distinct(), pk=pk)


def lesson_of(draft: Draft, lesson: str) -> DraftFile:
    """The text of a lesson of the draft."""
    return file_of(draft, f"{lesson}/{LESSON}")


def file_of(draft: Draft, path: str) -> DraftFile:
    """A text of the draft."""
    found = draft.files.filter(path=path, sha256="").first()
    if found is None:
        raise Http404
    return found


def framing(response: HttpResponse, **sources: list[str]) -> HttpResponse:
    """The answer with a policy that lets pages of this site stand in a frame of this site."""
    response.headers["Content-Security-Policy"] = build_policy({**settings.SECURE_CSP, **sources})
    return response


def may_frame(response: HttpResponse) -> HttpResponse:
    """The answer of a page that shows another in a frame."""
    return framing(response, **{"frame-src": [CSP.SELF]})


def may_be_framed(response: HttpResponse) -> HttpResponse:
    """The answer of a page that stands in a frame of another page of this site."""
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return framing(response, **{"frame-ancestors": [CSP.SELF]})
