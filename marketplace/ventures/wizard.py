"""The pages of the call wizard: key, title, the one question each asks, its form and rows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _, pgettext_lazy

from marketplace.web.wizard import Step

from .forms import call as forms

STEPS = (
    Step("aims", pgettext_lazy("wizard", "Aims"), _("What is the call for, and where?"), forms.AimsForm),
    Step("track", pgettext_lazy("wizard", "Track"), _("Is it a grant or a purchase?"), forms.TrackForm),
    Step("funders", pgettext_lazy("wizard", "Funders"), _("Who pays with you?"), forms.FundersForm, forms.FunderRows),
    Step("themes", pgettext_lazy("wizard", "Themes"), _("Which themes are there?"), forms.ThemesForm, forms.ThemeRows),
    Step("pots", pgettext_lazy("wizard", "Pots"), _("Which money, from which line?"), forms.PotsForm, forms.PotRows),
    Step("rules", pgettext_lazy("wizard", "Rules"), _("What are the limits?"), forms.RulesForm),
    Step(
        "switches",
        pgettext_lazy("wizard", "Exceptions"),
        _("Which rules of practice do not apply?"),
        forms.SwitchesForm,
    ),
    Step("timetable", pgettext_lazy("wizard", "Timetable"), _("When does what happen?"), forms.TimetableForm),
    Step("form", pgettext_lazy("wizard", "Application form"), _("What do applicants fill in?")),
    Step(
        "guide", pgettext_lazy("wizard", "Guide"), _("What do applicants have to know?"), forms.GuideForm, forms.FaqRows
    ),
    Step(
        "briefings",
        pgettext_lazy("wizard", "Briefings"),
        _("When is the call explained?"),
        forms.BriefingsForm,
        forms.BriefingRows,
    ),
    Step("contacts", pgettext_lazy("wizard", "Contacts"), _("Whom can applicants ask?"), forms.ContactsForm),
    Step("check", pgettext_lazy("wizard", "Check and submit"), _("Is everything there?")),
)
BY_KEY = {step.key: step for step in STEPS}
