"""HTML to PDF/UA-1 with WeasyPrint: tagged, titled, in its language; nothing is fetched from outside."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from marketplace.core import clock

LANGUAGE = "zh-hans"


def render_pdf(template: str, context: dict[str, Any], *, identifier: str, language: str = LANGUAGE) -> bytes:
    """The PDF of a template under `templates/documents/`. Same input, moment and identifier: same bytes.

    Every document carries the newest head of the log: whoever keeps it can later witness a rewriting.
    """
    from marketplace.audit import heads

    standing = {"language": language, "made_at": clock.now(), "witness": heads.newest(), "number": "", "version": 1}
    with translation.override(language):
        html = render_to_string(template, {**standing, **context})
    return write_pdf(html, identifier)


def write_pdf(html: str, identifier: str) -> bytes:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    class NothingFromOutside(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            raise ValueError("not fetched: " + url)

    return HTML(string=html, url_fetcher=NothingFromOutside(), base_url="about:blank").write_pdf(
        pdf_variant="pdf/ua-1", pdf_identifier=identifier.encode()
    )
