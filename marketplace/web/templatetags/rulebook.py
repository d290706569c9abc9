"""One rule in a page's text: `{% rule "R-TENDER-01" %}` shows its short title with the article, linked to /rules/."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from marketplace.core import catalogue

from .web import cite

register = template.Library()


@register.simple_tag
def rule(rule_id: str) -> SafeString:
    """A wrong id fails while the page is made: pages cite nothing that the catalogue lacks."""
    return format_html('<p class="rule">{} {}</p>', catalogue.rule(rule_id).title, cite(rule_id))
