"""Findings of auditors: list, one with its answer, record, answer, close."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.accounts.models import Body, Finding
from marketplace.accounts.permissions import (
    can_answer_finding,
    can_close_finding,
    can_read_finding,
    can_record_finding,
)
from marketplace.accounts.services import findings
from marketplace.core.decisions import ALLOWED, Decision, refuse
from marketplace.core.exceptions import Refused
from marketplace.web.views import ActorMixin, ActorPage, ServiceFormView, or_404

from .. import subjects
from ..forms.findings import AnswerFindingForm, CloseFindingForm, FindingFilterForm, RecordFindingForm

PAGE_SIZE = 30


class FindingList(ActorPage):
    """Auditors and supervisors see all, a body those about itself."""

    template_name = "people/finding_list.html"

    def allowed(self) -> Decision:
        return ALLOWED if self.actor.roles else refuse(_("Findings are about bodies; you act for none."))

    def findings(self, form: FindingFilterForm) -> QuerySet[Finding]:
        found = Finding.objects.visible_to(self.actor).select_related("body", "auditor")
        if not form.is_valid():
            return found
        if form.cleaned_data["status"]:
            found = found.filter(status=form.cleaned_data["status"])
        text = form.cleaned_data["q"].strip()
        if text:
            found = found.filter(Q(subject_title__icontains=text) | Q(project_number__icontains=text))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = FindingFilterForm(self.request.GET)
        page = Paginator(self.findings(form), PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(form=form, page=page, may_record=bool(can_record_finding(self.actor)), **kwargs)


class OneFinding(ActorMixin):
    finding: Finding

    def prepare(self, **kwargs: Any) -> None:
        people = ("body", "auditor", "made_by", "answered_by", "closed_by")
        self.finding = or_404(lambda: Finding.objects.select_related(*people).get(pk=kwargs["pk"]))
        if not can_read_finding(self.actor, self.finding):
            raise Http404

    def get_success_url(self) -> str:
        return reverse("people:finding", args=[self.finding.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(finding=self.finding, **kwargs)  # type: ignore[misc]


class FindingPage(OneFinding, ActorPage):
    template_name = "people/finding_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_open = self.finding.status != "closed"
        return super().get_context_data(
            may_answer=is_open and bool(can_answer_finding(self.actor, self.finding)),
            may_close=is_open and bool(can_close_finding(self.actor, self.finding)),
            answer_url=reverse("people:finding-answer", args=[self.finding.pk]),
            answer_label=_("Change the answer") if self.finding.answer else _("Answer the finding"),
            close_url=reverse("people:finding-close", args=[self.finding.pk]),
            **kwargs,
        )


class AnswerFinding(OneFinding, ServiceFormView):
    template_name = "people/finding_answer.html"
    form_class = AnswerFindingForm
    success_message = gettext_lazy("The answer is with the auditors.")

    def allowed(self) -> Decision:
        return can_answer_finding(self.actor, self.finding)

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.finding.answer}

    def perform(self, form: BaseForm) -> Finding:
        return findings.answer_finding(actor=self.actor, finding_id=self.finding.pk, **form.cleaned_data)


class CloseFinding(OneFinding, ServiceFormView):
    template_name = "people/finding_close.html"
    form_class = CloseFindingForm
    success_message = gettext_lazy("The finding is closed.")

    def allowed(self) -> Decision:
        return can_close_finding(self.actor, self.finding)

    def perform(self, form: BaseForm) -> Finding:
        return findings.close_finding(actor=self.actor, finding_id=self.finding.pk, **form.cleaned_data)


class RecordFinding(ServiceFormView):
    """About an object that a page names (`?subject=procurement.tender:12`), a project by number, or a body."""

    template_name = "people/finding_record.html"
    form_class = RecordFindingForm
    success_message = gettext_lazy("The finding is recorded; the body has been told.")

    def prepare(self, **kwargs: Any) -> None:
        key = self.request.GET.get("subject", "")
        self.subject = subjects.find(key) if key else None
        if key and self.subject is None:
            raise Http404

    def allowed(self) -> Decision:
        return can_record_finding(self.actor)

    def get_form(self, form_class: Any = None) -> BaseForm:
        form = super().get_form(form_class)
        if self.subject is not None:
            del form.fields["project_number"]
            form.fields["body"].queryset = Body.objects.filter(pk__in=self.subject.bodies)
            form.fields["body"].initial = self.subject.body_id
        return form

    def perform(self, form: BaseForm) -> Finding:
        data = form.cleaned_data
        return findings.record_finding(
            actor=self.actor, subject=self.chosen(data), text=data["text"], is_serious=data["is_serious"]
        )

    def chosen(self, data: dict[str, Any]) -> findings.FindingSubject:
        body, subject = data["body"], self.subject
        number = data.get("project_number", "").strip()
        if number:
            subject = subjects.find_project(number)
            if subject is None:
                raise Refused(refuse(_("There is no project with this number."), field="project_number"))
        if subject is None and body is None:
            raise Refused(refuse(_("Name a project by its number, or choose a body."), field="body"))
        if subject is None:
            return subjects.of_body(body)
        if body is not None and body.pk not in subject.bodies:
            raise Refused(refuse(_("This body has no part in the project."), field="body"))
        return replace(subject, body_id=body.pk) if body is not None else subject

    def get_success_url(self) -> str:
        return reverse("people:finding", args=[self.result.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(subject=self.subject, **kwargs)
