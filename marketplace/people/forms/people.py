from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.roles import ROLES_OF_KIND, Role

ROLE_TEXTS: dict[str, Any] = {
    Role.OFFICER: _("prepares: lists, tenders, eligibility, contracts"),
    Role.APPROVER: _("checks and publishes, decides; invites people; needs a second factor"),
    Role.FINANCE: _("gives the second approval of payments; needs a second factor"),
    Role.ORG_ADMIN: _("keeps the facts and the evidence file; invites people"),
    Role.BIDDER: _("takes documents, asks, bids, signs"),
    Role.REPORTER: _("reports on milestones"),
    Role.EXPERT: _("is drawn into committees and scores"),
    Role.EVALUATOR: _("evaluates performance as a third party"),
    Role.CUSTODIAN: _("keeps a share of the keys that open bids; needs a second factor"),
    Role.OPERATOR: _("keeps the place running; sees no bid, score or payment; needs a second factor"),
    Role.SUPERVISOR: _("reads everything a buyer may read, suspends; needs a second factor"),
    Role.AUDITOR: _("reads everything a buyer may read, records findings; needs a second factor"),
}


def role_choices(kind: str) -> list[tuple[str, str]]:
    """The roles of a kind of body, each with what it does."""
    pattern = "{}：{}" if str(_(": ")).startswith("：") else "{}: {}"
    return [(str(role), pattern.format(Role(role).label, ROLE_TEXTS[role])) for role in ROLES_OF_KIND.get(kind, ())]


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = role_choices(kind)  # type: ignore[attr-defined]


class InviteForm(RolesForm):
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("The invitation is good for this address only, for 14 days.")
    )
    field_order = ["email", "roles"]


class JoinRequestForm(forms.Form):
    note = forms.CharField(
        label=_("Who you are"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence, so that the administrators know you: name, task, since when."),
    )
