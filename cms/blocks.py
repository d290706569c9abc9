"""Blocks of editorial pages: few, and each looks like the rest of the place."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _, pgettext_lazy
from wagtail import blocks

TEXT_FEATURES = ["bold", "ol", "ul", "link", "document-link"]


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Step"), max_length=60)
    text = blocks.RichTextBlock(label=_("What to do"), features=TEXT_FEATURES)


class NoteBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=pgettext_lazy("block", "Title"), max_length=60, required=False)
    text = blocks.TextBlock(label=_("Text"))

    class Meta:
        template = "cms/blocks/note.html"


class RuleBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("What the rule says"), max_length=200)
    rule_id = blocks.RegexBlock(label=_("Rule"), regex=r"^R-[A-Z]+-\d{2}$", help_text="R-TENDER-01")

    class Meta:
        template = "cms/blocks/rule.html"


class BodyBlock(blocks.StreamBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=80, template="cms/blocks/heading.html")
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES, template="cms/blocks/text.html")
    steps = blocks.ListBlock(StepBlock(), label=_("Steps"), template="cms/blocks/steps.html")
    note = NoteBlock(label=_("Note"))
    rule = RuleBlock(label=_("Rule"))
