"""Finding the witness in whatever an outsider kept: a witness file, a saved mail, a receipt as PDF, plain text."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

from .witness import Witness, read_json, read_token


def witness_in(path: Path) -> Witness | None:
    content = path.read_bytes()
    if content.startswith(b"%PDF"):
        return read_token(pdf_text(content))
    text = content.decode("utf-8", errors="replace")
    return read_json(text) or read_token(text) or read_token(_mail_text(content))


def pdf_text(content: bytes) -> str:
    """The text of a PDF; nothing where it cannot be read."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return ""
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def _mail_text(content: bytes) -> str:
    message = email.message_from_bytes(content, policy=email.policy.default)
    body = message.get_body(("plain", "html")) if isinstance(message, EmailMessage) else None
    return str(body.get_content()) if body is not None else ""
