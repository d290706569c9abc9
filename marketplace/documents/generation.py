"""Generated documents: a room registers a builder for each kind; the worker renders and files the PDF.

A builder takes the subject and answers the template, its context and the title. `request_document` is called
inside the service's transaction; the task runs after the commit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django_tasks import task

from marketplace.audit.log import subject_of
from marketplace.core import clock

from .models import Document
from .pdf import render_pdf
from .services import store_bytes


@dataclass(frozen=True)
class Blueprint:
    template: str
    context: dict[str, Any]
    title: str
    is_public: bool = False


Builder = Callable[[Any], Blueprint]
_builders: dict[str, Builder] = {}


def register(kind: str, builder: Builder) -> None:
    _builders[kind] = builder


def request_document(kind: str, subject: models.Model) -> None:
    """Queue the rendering of `kind` for `subject` (a new version if one exists)."""
    build_document_task.enqueue(kind, subject._meta.label_lower, subject.pk)


@task()
def build_document_task(kind: str, label: str, pk: int) -> None:
    build_document(kind, apps.get_model(label).objects.get(pk=pk))


def build_document(kind: str, subject: models.Model) -> Document:
    """Render and file it now; the next version of (subject, kind, title)."""
    plan = _builders[kind](subject)
    key = subject_of(subject)
    earlier = Document.objects.filter(subject=key, kind=kind).order_by("-version").first()
    version = earlier.version + 1 if earlier else 1
    content = render_pdf(plan.template, {**plan.context, "version": version}, identifier=f"{key}/{kind}/{version}")
    file = store_bytes(content, name=f"{plan.title}.pdf", content_type="application/pdf")
    return Document.objects.create(
        subject=key,
        kind=kind,
        title=plan.title,
        version=version,
        file=file,
        is_public=plan.is_public,
        created_at=clock.now(),
    )


def latest_document(kind: str, subject: models.Model) -> Document | None:
    return (
        Document.objects.filter(subject=subject_of(subject), kind=kind)
        .select_related("file")
        .order_by("-version")
        .first()
    )
