"""The PDF of a notice: the same content, with its hash and the log's newest head as a witness."""

from __future__ import annotations

from marketplace.documents.generation import Blueprint, register

from .content import parts
from .models import NoticeSnapshot


def notice_document(snapshot: NoticeSnapshot) -> Blueprint:
    return Blueprint(
        template="documents/notice.html",
        context={
            "snapshot": snapshot,
            "parts": parts(snapshot),
            "title": snapshot.title,
            "number": snapshot.project_number,
        },
        title=snapshot.title,
        is_public=True,
    )


def register_all() -> None:
    register("notice", notice_document)
