"""The decision and what follows: amounts, minutes, four eyes, display, objections, the applicant's own result."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from marketplace.accounts.roles import Role
from marketplace.core import clock
from marketplace.core.decisions import Decision, refuse
from marketplace.web.ics import Entry, calendar_file
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, or_404

from ..forms.assessment import AmountForm, AnswerObjectionForm, MinutesForm, ObjectForm, ReasonForm
from ..models import Application, Assessment, AssessmentStatus, DisplayObjection, GrantProposal
from ..permissions.assessment import can_approve_decision, can_consent, can_run_assessment
from ..selectors.assessment_pages import reviews_for_applicant
from ..selectors.decision import pot_rows, pots_of, proposals_of
from ..selectors.ranking import criterion_means
from ..services import assessment as assessments, decision, display
from ..services.decision import share_field
from .assessment import AssessmentMixin, OfficerAction, OfficerForm, ScoresMixin

SHOWN = (AssessmentStatus.DISPLAYED, AssessmentStatus.CONFIRMED)


class DecisionView(ScoresMixin, ActorPage):
    """The ranking in the pots: who gets how much from which pot, who falls out and why."""

    template_name = "ventures/decision.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.assessment
        proposals = list(proposals_of(row))
        return super().get_context_data(
            **kwargs,
            proposals=proposals,
            funded=sum(1 for each in proposals if each.amount),
            total=sum(each.amount for each in proposals),
            pots=pot_rows(row),
            may_run=can_run_assessment(self.actor, row).allowed and row.status == AssessmentStatus.DELIBERATION,
            is_proposed=row.status == AssessmentStatus.PROPOSED,
            decide=can_approve_decision(self.actor, row),
            may_consent=can_consent(self.actor, row).allowed,
            consents=list(row.consents.select_related("body")),
            return_form=ReasonForm(),
        )


class DecisionAction(OfficerAction):
    def get_success_url(self) -> str:
        return reverse("ventures:assessment-decision", args=[self.assessment.pk])


class FitView(DecisionAction):
    success_message = gettext_lazy("Fitted. Each line says why.")

    def perform(self) -> Any:
        return decision.fit_decision(actor=self.actor, assessment_id=self.assessment.pk)


class ProposeView(DecisionAction):
    success_message = gettext_lazy("Handed in. An approver checks and displays it.")

    def perform(self) -> Any:
        return decision.propose_decision(actor=self.actor, assessment_id=self.assessment.pk)


class MinutesView(OfficerForm):
    form_class = MinutesForm
    heading = gettext_lazy("Minutes of the deliberation")
    success_message = gettext_lazy("Saved.")

    def get_initial(self) -> dict[str, Any]:
        return {"minutes": self.assessment.minutes}

    def perform(self, form: Any) -> Any:
        return assessments.save_minutes(actor=self.actor, assessment_id=self.assessment.pk, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("ventures:assessment-decision", args=[self.assessment.pk])


class AmountView(OfficerForm):
    form_class = AmountForm
    heading = gettext_lazy("Change an amount")
    success_message = gettext_lazy("Changed.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = GrantProposal.objects.select_related("application__body")
        self.proposal = or_404(lambda: rows.get(pk=pk))
        super().prepare(self.proposal.assessment_id)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "pots": pots_of(self.assessment)}

    def get_initial(self) -> dict[str, Any]:
        return {share_field(share.pot_id): share.amount for share in self.proposal.shares.all()}

    def perform(self, form: Any) -> Any:
        return decision.change_amount(
            actor=self.actor,
            proposal_id=self.proposal.pk,
            shares=form.shares(),
            reason=form.cleaned_data["reason"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lede = f"{self.proposal.application.title} · {self.proposal.application.body.name}"
        return super().get_context_data(**kwargs, lede=lede, asked=self.proposal.asked)

    def get_success_url(self) -> str:
        return reverse("ventures:assessment-decision", args=[self.assessment.pk])


class FunderAction(AssessmentMixin, ActionView):
    def get_success_url(self) -> str:
        return reverse("ventures:assessment-decision", args=[self.assessment.pk])


class ConsentView(FunderAction):
    success_message = gettext_lazy("Agreed.")

    def perform(self) -> Any:
        return decision.give_consent(actor=self.actor, assessment_id=self.assessment.pk)


class ReturnView(FunderAction):
    success_message = gettext_lazy("Returned to the officer.")

    def perform(self) -> Any:
        reason = self.request.POST.get("reason", "")
        return decision.return_decision(actor=self.actor, assessment_id=self.assessment.pk, reason=reason)


class DisplayView(FunderAction):
    success_message = gettext_lazy("Approved and on display.")

    def perform(self) -> Any:
        return display.display_result(actor=self.actor, assessment_id=self.assessment.pk)


class TakeBackView(AssessmentMixin, ActionView):
    success_message = gettext_lazy("Taken back; the panel deliberates anew.")

    def perform(self) -> Any:
        reason = self.request.POST.get("reason", "")
        return display.take_back(actor=self.actor, assessment_id=self.assessment.pk, reason=reason)


class ConfirmView(AssessmentMixin, ActionView):
    success_message = gettext_lazy("The grants are confirmed; every applicant is told.")

    def perform(self) -> Any:
        return display.confirm_grants(actor=self.actor, assessment_id=self.assessment.pk)


class AnswerObjectionView(OfficerForm):
    form_class = AnswerObjectionForm
    heading = gettext_lazy("Answer an objection")
    success_message = gettext_lazy("Answered; the person is told.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.objection = or_404(lambda: DisplayObjection.objects.get(pk=pk))
        super().prepare(self.objection.assessment_id)

    def perform(self, form: Any) -> Any:
        return display.answer_objection(actor=self.actor, objection_id=self.objection.pk, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, lede=self.objection.text)


# Everybody


class ResultMixin:
    """The displayed result of a call, by its number."""

    def found(self, number: str) -> Assessment:
        rows = Assessment.objects.filter(status__in=SHOWN).select_related("call__lead", "snapshot")
        return or_404(lambda: rows.get(call__number=number))


class PublicResultView(ResultMixin, TemplateView):
    """Funded projects with amounts by pot and means per criterion; the rest as a count."""

    template_name = "ventures/result_public.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.found(kwargs["number"])
        proposals = [each for each in proposals_of(row) if each.amount]
        means = criterion_means(row, [each.application_id for each in proposals])
        is_open = row.status == AssessmentStatus.DISPLAYED and clock.today() <= row.display_until  # type: ignore[operator]
        return super().get_context_data(
            **kwargs,
            assessment=row,
            call=row.call,
            lines=[{"proposal": each, "means": means[each.application_id]} for each in proposals],
            total=sum(each.amount for each in proposals),
            others=row.proposals.filter(amount=0).count(),
            is_open=is_open,
        )


class ObjectView(ResultMixin, ServiceFormView):
    template_name = "ventures/result_object.html"
    form_class = ObjectForm
    success_message = gettext_lazy("Received. You are told the answer.")

    def prepare(self, number: str, **kwargs: Any) -> None:
        self.assessment = self.found(number)

    def perform(self, form: Any) -> Any:
        return display.object_to_result(
            actor=self.actor, assessment_id=self.assessment.pk, text=form.cleaned_data["text"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, assessment=self.assessment, call=self.assessment.call)

    def get_success_url(self) -> str:
        return reverse("ventures:result-public", args=[self.assessment.call.number])


# The applicant


class OwnMixin:
    """The applicant's own application; a stranger's is «not found»."""

    application: Application

    def prepare(self, key: Any, **kwargs: Any) -> None:
        rows = Application.objects.of_body(self.actor).select_related("call", "body")  # type: ignore[attr-defined]
        self.application = or_404(lambda: rows.get(pk=key, call__assessment__isnull=False))
        self.assessment = self.application.call.assessment

    def allowed(self) -> Decision | bool:
        if self.actor.has(Role.BIDDER, Role.ORG_ADMIN, Role.REPORTER):  # type: ignore[attr-defined]
            return True
        return refuse("")


class OwnResultView(OwnMixin, ActorPage):
    """The applicant's slot in the defence, later the scores with the reasons."""

    template_name = "ventures/result_own.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, application = self.assessment, self.application
        shown = row.status in SHOWN
        means = criterion_means(row, [application.pk])[application.pk] if shown else []
        return super().get_context_data(
            **kwargs,
            application=application,
            assessment=row,
            call=application.call,
            slot=getattr(application, "slot", None),
            shown=shown,
            proposal=getattr(application, "proposal", None) if shown else None,
            grant=getattr(application, "grant", None),
            means=means,
            reviews=reviews_for_applicant(application) if shown else [],
        )


class SlotCalendarView(OwnMixin, ActorPage):
    """The own slot as a calendar file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        slot = or_404(lambda: self.application.slot)
        day = slot.day
        entry = Entry(
            uid=f"{self.application.call.number}-defence-{self.application.pk}",
            title=f"答辩：{self.application.title}",
            starts_at=slot.starts_at,
            published_at=day.drawn_at,
            address=request.build_absolute_uri(reverse("ventures:result-own", args=[self.application.pk])),
            description=f"{self.application.call.number} {day.link}".strip(),
            minutes=day.minutes,
            place=day.place,
        )
        response = HttpResponse(calendar_file([entry], "Defence"), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="defence.ics"'
        return response
