"""Most tests here are not about the look of a PDF: they get a small one at once. `real_documents` renders truly."""

from __future__ import annotations

import pytest

from marketplace.documents import generation

SMALL = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"


def small_pdf(template: str, context: dict[str, object], *, identifier: str) -> bytes:
    return SMALL + f"% {identifier} {template} {context['title']}\n%%EOF\n".encode()


@pytest.fixture(autouse=True)
def quick_documents(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "real_documents" not in request.fixturenames:
        monkeypatch.setattr(generation, "render_pdf", small_pdf)


@pytest.fixture
def real_documents() -> None:
    """Ask for it to have PDFs rendered as in production."""
