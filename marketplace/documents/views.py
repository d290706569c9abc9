"""Downloads: `/files/<uuid>/`, and pages of a PDF as images. A stranger gets «not found», never «forbidden»."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.views.generic import View

from .access import can_read_file
from .models import StoredFile
from .pages import open_page
from .services import open_file

SHOWN_IN_BROWSER = ("application/pdf", "image/png", "image/jpeg")


class FileView(View):
    """Finds the file and asks; subclasses answer it."""

    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        file = StoredFile.objects.prefetch_related("documents").filter(pk=kwargs["pk"]).first()
        if file is None or not can_read_file(request.actor, file):  # type: ignore[attr-defined]
            if file is not None and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise Http404
        self.file = file
        self.is_public = any(document.is_public for document in file.documents.all())
        if request.headers.get("If-None-Match") == self.etag:
            return self.protected(HttpResponseNotModified())
        return self.protected(super().dispatch(request, *args, **kwargs))

    @property
    def etag(self) -> str:
        return f'"{self.file.sha256}"'

    def protected(self, response: HttpResponseBase) -> HttpResponseBase:
        """A file is data: never run, never guessed at, kept by shared caches only when it is public."""
        response["X-Content-Type-Options"] = "nosniff"
        response["ETag"] = self.etag
        response["Cache-Control"] = "public, max-age=31536000, immutable" if self.is_public else "private, no-cache"
        return response


class DownloadView(FileView):
    def get(self, request: HttpRequest, pk: UUID) -> FileResponse:
        shown = self.file.content_type in SHOWN_IN_BROWSER and "download" not in request.GET
        return FileResponse(
            open_file(self.file), as_attachment=not shown, filename=self.file.name, content_type=self.file.content_type
        )


class PageView(FileView):
    """One page of a PDF as a picture, drawn by the worker."""

    @property
    def etag(self) -> str:
        return f'"{self.file.sha256}-{self.kwargs["number"]}"'

    def get(self, request: HttpRequest, pk: UUID, number: int) -> HttpResponse | FileResponse:
        page = open_page(self.file, number)
        if page is None:
            raise Http404
        return FileResponse(page, content_type="image/png")
