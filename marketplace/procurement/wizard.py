"""The pages of the tender wizard: key, title, the one question each asks, its form and rows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _, pgettext_lazy

from marketplace.web.wizard import Step

from .forms import tender as forms

STEPS = (
    Step("needs", pgettext_lazy("wizard", "Needs"), _("What is bought?"), forms.NeedsForm),
    Step("service", pgettext_lazy("wizard", "Service"), _("Where, when and how well?"), forms.ServiceForm),
    Step("basis", pgettext_lazy("wizard", "Basis"), _("What do the needs rest on?"), forms.BasisForm),
    Step(
        "lots",
        pgettext_lazy("wizard", "Lots and budget"),
        _("How is it divided, and what may it cost?"),
        forms.LotsForm,
        forms.LotRows,
    ),
    Step(
        "eligibility",
        pgettext_lazy("wizard", "Who may bid"),
        _("What must a bidder be able to do?"),
        forms.EligibilityForm,
        forms.ConditionRows,
    ),
    Step("price", pgettext_lazy("wizard", "Price"), _("How much does the price count?"), forms.PriceForm),
    Step("criteria", pgettext_lazy("wizard", "Criteria"), _("How are bids scored?")),
    Step(
        "milestones",
        pgettext_lazy("wizard", "Milestones"),
        _("What is delivered when, and what is paid?"),
        forms.MilestonesForm,
        forms.MilestoneRows,
    ),
    Step("timetable", pgettext_lazy("wizard", "Timetable"), _("When do bids close?"), forms.TimetableForm),
    Step("documents", pgettext_lazy("wizard", "Documents"), _("What do bidders get?"), forms.DocumentsForm),
    Step("custodians", pgettext_lazy("wizard", "Custodians"), _("Who guards the bids until the opening?")),
    Step("contacts", pgettext_lazy("wizard", "Contacts"), _("Whom can bidders ask?"), forms.ContactsForm),
    Step("check", pgettext_lazy("wizard", "Check and submit"), _("Is everything there?")),
)
BY_KEY = {step.key: step for step in STEPS}
