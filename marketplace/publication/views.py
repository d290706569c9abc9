"""Files of a notice: the JSON copy, byte for byte as hashed, and the PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from marketplace.documents.generation import latest_document

from .content import canonical
from .models import NoticeSnapshot


@require_safe
def notice_json(request: HttpRequest, number: str) -> HttpResponse:
    """The exact bytes whose SHA-256 stands in the log. They never change, so they are kept for ever."""
    snapshot = get_object_or_404(NoticeSnapshot.objects.select_related("body", "corrects"), number=number)
    return HttpResponse(
        canonical(snapshot),
        content_type="application/json",
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "ETag": f'"{snapshot.content_sha256}"',
            "Content-Disposition": f'inline; filename="{number}.json"',
        },
    )


@require_safe
def notice_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """To the stored file; 404 while the worker has not drawn it yet."""
    document = latest_document("notice", get_object_or_404(NoticeSnapshot, number=number))
    if document is None:
        raise Http404
    return HttpResponseRedirect(reverse("documents:file-download", args=[document.file_id]))
