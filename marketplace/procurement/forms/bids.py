"""The steps of a bid: shape only. What may be said is judged by rules and services."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock

from ..models import CriterionRange


class StepForm(forms.Form):
    """A form that carries the version of the step it was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def initial_from(cls, stored: Any) -> dict[str, Any]:
        return dict(stored)

    def values(self) -> Any:
        """What is stored: plain JSON."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ContactForm(StepForm):
    name = forms.CharField(label=_("Contact for this bid"), max_length=60, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)


class EvidenceForm(StepForm):
    note = forms.CharField(
        label=_("Note for whoever checks the evidence"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DeclarationForm(StepForm):
    agreed = forms.BooleanField(label=_("We declare this and answer for its truth."), required=False)
    name = forms.CharField(
        label=_("Signed by (name)"),
        max_length=60,
        required=False,
        help_text=_("The legal representative or a person with written authority."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("agreed") and not cleaned.get("name"):
            self.add_error("name", _("Type the name of the person who signs."))
        return cleaned

    def values(self) -> dict[str, Any]:
        signed = self.cleaned_data["agreed"] and self.cleaned_data["name"]
        before = self.initial if isinstance(self.initial, dict) else {}
        same = before.get("agreed") and before.get("name") == self.cleaned_data["name"]
        made_at = before.get("made_at") if same else clock.now().replace(microsecond=0).isoformat()
        return {
            "agreed": self.cleaned_data["agreed"],
            "name": self.cleaned_data["name"],
            "made_at": made_at if signed else "",
        }


class PriceForm(StepForm):
    amount = forms.CharField(
        label=_("Price of the lot in yuan, tax included"),
        required=False,
        max_length=24,
        help_text=_("For example 1,860,000.00"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    confirmed = forms.BooleanField(
        label=_("The amount is in yuan and right, although it is far below the ceiling."),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (self.initial or {}).get("confirmed"):
            self.ask_to_confirm()

    def ask_to_confirm(self) -> None:
        """Show the tick that says «yes, this amount»: only to who typed one in doubt."""
        self.fields["confirmed"].widget = forms.CheckboxInput()

    def clean_amount(self) -> str:
        """«1,860,000.5», «1860000.50元», full-width digits: all become 1860000.50."""
        text = self.cleaned_data["amount"].translate(str.maketrans("０１２３４５６７８９．，", "0123456789.,"))
        text = re.sub(r"[,\s，¥￥元]", "", text)
        if not text:
            return ""
        try:
            amount = Decimal(text)
        except InvalidOperation as error:
            raise forms.ValidationError(_("Type digits only, in yuan: 1860000.00")) from error
        if not amount.is_finite() or amount <= 0 or amount >= Decimal("1e12"):
            raise forms.ValidationError(_("Type an amount above zero, in yuan: 1860000.00"))
        if amount != amount.quantize(Decimal("0.01")):
            raise forms.ValidationError(_("An amount has at most two places after the point."))
        return f"{amount:.2f}"

    @classmethod
    def initial_from(cls, stored: Any) -> dict[str, Any]:
        amount = stored["amount"]
        return {"amount": f"{Decimal(amount):,.2f}" if amount else "", "confirmed": stored["confirmed"]}


class AnswerForm(StepForm):
    answer = forms.CharField(
        label=_("Your answer to the criterion"),
        required=False,
        max_length=60_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Say what is offered and how it meets the ranges above. Longer texts go into a PDF below."),
    )

    def __init__(self, *args: Any, ranges: Sequence[CriterionRange] = (), **kwargs: Any) -> None:
        """`ranges`: of an objective criterion; the bidder says which one the evidence meets."""
        super().__init__(*args, **kwargs)
        if ranges:
            self.fields["stated"] = forms.ChoiceField(
                label=_("The range that your evidence meets"),
                choices=[*((str(row.pk), row.text) for row in ranges), ("", _("None of them, or not sure"))],
                required=False,
                widget=forms.RadioSelect,
                help_text=_("The score is computed from it; the committee checks it against your evidence."),
            )

    @classmethod
    def initial_from(cls, stored: Any) -> dict[str, Any]:
        return {"answer": stored}

    def values(self) -> str:
        return self.cleaned_data["answer"]

    @property
    def stated(self) -> str | None:
        """The range named; None where none is asked for."""
        return self.cleaned_data.get("stated")


class RelatedForm(StepForm):
    none = forms.BooleanField(
        label=_("No other bidder has the same head, or holds, is held by or is controlled with our organization."),
        required=False,
    )
    rows = forms.CharField(
        label=_("Related bodies: name, credit code, relation; one a line"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Bodies with the same head, and those that hold or control yours or are held by it."),
    )
    subcontracting = forms.CharField(
        label=_("Subcontracting: which part, to whom, with which qualification"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only parts that are not the core of the service; leave empty if there is none (R-BID-09)."),
    )


class AnnexForm(StepForm):
    """Annexes are files only."""


class SubmitForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    keep_copy = forms.BooleanField(
        label=_(
            "Keep an editable copy on the server until the deadline, so that I can replace the bid without "
            "uploading again"
        ),
        required=False,
    )


class ShareForm(forms.Form):
    """A custodian's share: by passphrase, or decrypted at home and pasted."""

    passphrase = forms.CharField(
        label=_("Your passphrase"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False),
    )
    share_text = forms.CharField(
        label=_("Or the share that you decrypted yourself"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("passphrase") or cleaned.get("share_text")):
            self.add_error("passphrase", _("Type your passphrase, or paste the decrypted share."))
        return cleaned


class NewKeyForm(forms.Form):
    passphrase = forms.CharField(
        label=_("Passphrase"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 16 characters: four words that nobody would guess together. It cannot be recovered."),
    )
    repeated = forms.CharField(
        label=_("Passphrase again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("passphrase") != cleaned.get("repeated"):
            self.add_error("repeated", _("The two are not the same. Type both again."))
        return cleaned


class PublicKeyForm(forms.Form):
    public_key = forms.CharField(
        label=_("Your age public key"),
        help_text=_("It starts with «age1». The identity stays with you."),
        max_length=100,
    )


class EndForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class ObjectForm(forms.Form):
    text = forms.CharField(
        label=_("What you object to"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), required=False
    )


class AnswerObjectionForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer to the objection"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), required=False
    )


class CopyForm(forms.Form):
    copy = forms.FileField(label=_("Your own copy (ZIP)"), help_text=_("The file that you downloaded at the sealing."))
