"""Texts of a tender as templates show them."""

from __future__ import annotations

from django import template

from ..rules import must_haves

register = template.Library()


@register.filter
def blocks(text: str) -> list[must_haves.Block]:
    """`{% for block in tender.needs|blocks %}`: must-haves (★) apart from running text."""
    return must_haves.blocks(text)
