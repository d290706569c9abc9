"""Where a project's public page is."""

from __future__ import annotations

from django.urls import reverse

from marketplace.core.identifiers import INFIXES


def project_url(number: str) -> str:
    """The page of a project by its number: who received how much for what, and how well it went; of a call, its own."""
    if is_call_number(number):
        return reverse("ventures:call-public", args=[number])
    return reverse("transparency:project-detail", args=[number]) if number else ""


def is_call_number(number: str) -> bool:
    """SH-CT-2026-0001 is a venture call, SH-2026-0001 a project."""
    return f"-{INFIXES['call']}" in number


def tender_url(number: str) -> str:
    """The public page of its tender."""
    return reverse("procurement:tender-public", args=[number])
