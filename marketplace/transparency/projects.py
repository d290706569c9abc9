"""Where a project's public page is."""

from __future__ import annotations

from django.urls import reverse


def project_url(number: str) -> str:
    """The page of a project by its number: who received how much for what, and how well it went."""
    return reverse("transparency:project-detail", args=[number]) if number else ""


def tender_url(number: str) -> str:
    """The public page of its tender."""
    return reverse("procurement:tender-public", args=[number])
