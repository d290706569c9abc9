"""«Verify»: how anyone checks an award, a receipt, a notice, the log; and a form that does it here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy as _
from django.views.generic import TemplateView

from marketplace.audit.models import Head

from ..checks import LARGEST, Verdict, check, check_file


class VerifyForm(forms.Form):
    text = forms.CharField(
        label=_("Number or witness"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The number of a notice, a project or a receipt, or the line that begins with YZLOG1."),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("A receipt or a notice as PDF, a witness file, a saved mail; at most 5 MB. It is read, not kept."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("text") and not data.get("file") and not self.errors:
            self.add_error("text", gettext("Enter a number or a witness, or choose a file."))
        if data.get("file") and data["file"].size > LARGEST:
            self.add_error("file", gettext("The file is larger than 5 MB; a receipt is far smaller."))
        return data


class Verify(TemplateView):
    template_name = "transparency/verify.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """`?notice=…` or `?number=…` checks at once, so that pages can link to their own check."""
        wanted = request.GET.get("notice") or request.GET.get("number") or ""
        form = VerifyForm(initial={"text": wanted})
        return self.answer(form, check(wanted[:100]) if wanted else None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = VerifyForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.answer(form, None, status=422)
        upload = form.cleaned_data.get("file")
        return self.answer(form, check_file(upload.read()) if upload else check(form.cleaned_data["text"]))

    def answer(self, form: VerifyForm, verdict: Verdict | None, status: int = 200) -> HttpResponse:
        context = self.get_context_data(form=form, verdict=verdict, head=Head.objects.last())
        return self.render_to_response(context, status=status)
