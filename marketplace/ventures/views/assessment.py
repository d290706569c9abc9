"""The officer's pages of an assessment: overview, settings, panel, deal, progress, ranking, defence day, coaching."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from openpyxl import Workbook

from marketplace.core.decisions import Decision
from marketplace.web.tables import csv_response, guarded
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, or_404

from ..forms.assessment import (
    BonusForm,
    DefenceForm,
    InviteForm,
    MentorForm,
    ReasonForm,
    ReassignForm,
    SettingsForm,
)
from ..models import (
    ApplicationReview,
    Assessment,
    AssessmentStatus,
    Call,
    DefenceSlot,
    Mentorship,
    PanelMember,
)
from ..permissions.assessment import (
    can_approve_decision,
    can_consent,
    can_run_assessment,
    can_see_scores,
)
from ..permissions.call import can_view_calls
from ..selectors.assessment import assessed, loads_of, open_reviews, seated
from ..selectors.assessment_pages import live_of, steps_of
from ..selectors.ranking import ranking_of, reviewer_means, with_names
from ..services import assessment as assessments, assignment, coaching, defence, panel, scoring
from ..services.defence import DayInput

PAGE_SIZE = 50
RELATED = ("call__lead", "snapshot", "proposed_by", "approved_by")


class AssessmentMixin:
    """Looks an assessment up among those the actor may see; a stranger's is «not found»."""

    assessment: Assessment

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Assessment.objects.visible_to(self.actor)  # type: ignore[attr-defined]
        self.assessment = or_404(lambda: rows.select_related(*RELATED).get(pk=pk))

    def get_success_url(self) -> str:
        return reverse("ventures:assessment-detail", args=[self.assessment.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(  # type: ignore[misc]
            **kwargs, assessment=self.assessment, call=self.assessment.call
        )


class OfficerMixin(AssessmentMixin):
    """Pages and buttons of an officer of the lead."""

    def allowed(self) -> Decision:
        return can_run_assessment(self.actor, self.assessment)  # type: ignore[attr-defined]


class OfficerForm(OfficerMixin, ServiceFormView):
    """A form on a page of its own: `heading`, `submit`."""

    template_name = "ventures/assessment_form.html"
    heading: Any = ""
    submit: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, heading=self.heading, submit=self.submit, back=self.get_success_url())


class OpenView(ActionView):
    """The assessment of a closed call begins."""

    success_message = gettext_lazy("The assessment has begun. Set the form and invite the panel.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.call = or_404(lambda: Call.objects.visible_to(self.actor).get(pk=pk))

    def perform(self) -> Any:
        return assessments.open_assessment(actor=self.actor, call_id=self.call.pk)

    def get_success_url(self) -> str:
        if not hasattr(self, "result"):
            return reverse("ventures:call-detail", args=[self.call.pk])
        return reverse("ventures:assessment-detail", args=[self.result.pk])


class AssessmentListView(ActorPage):
    template_name = "ventures/assessment_list.html"

    def allowed(self) -> Decision:
        return can_view_calls(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Assessment.objects.visible_to(self.actor).select_related("call__lead")
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs, page=page, count=page.paginator.count)


class AssessmentDetailView(AssessmentMixin, ActorPage):
    """One assessment: its stage, what comes next, panel and progress, objections."""

    template_name = "ventures/assessment_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.assessment
        consents = list(row.consents.select_related("body", "given_by"))
        return super().get_context_data(
            **kwargs,
            steps=steps_of(row),
            members=loads_of(row),
            criteria=list(row.criteria.all()),
            bonuses=list(row.bonuses.all()),
            applications=assessed(row).count(),
            open_reviews=open_reviews(row).count(),
            objections=list(row.objections.select_related("author", "application")),
            consents=consents,
            may_run=can_run_assessment(self.actor, row).allowed,
            decide=can_approve_decision(self.actor, row),
            may_consent=can_consent(self.actor, row).allowed
            and any(each.body_id == self.actor.body_id and each.given_at is None for each in consents),
            is_in={state.value: row.status == state for state in AssessmentStatus},
        )


class SettingsView(OfficerForm):
    form_class = SettingsForm
    template_name = "ventures/assessment_settings.html"
    heading = gettext_lazy("Form and method")
    success_message = gettext_lazy("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "criteria": self.assessment.criteria.all()}

    def get_initial(self) -> dict[str, Any]:
        row = self.assessment
        names = [name for name in SettingsForm.base_fields if name not in ("weights", "bonuses")]
        bonuses = "\n".join(f"{each.title} | {each.points.normalize():f}" for each in row.bonuses.all())
        return {**{name: getattr(row, name) for name in names}, "bonuses": bonuses}

    def perform(self, form: Any) -> Any:
        return assessments.save_settings(
            actor=self.actor,
            assessment_id=self.assessment.pk,
            version=form.cleaned_data["version"],
            settings=form.settings(),
        )


class InviteView(OfficerForm):
    form_class = InviteForm
    heading = gettext_lazy("Invite a reviewer")
    submit = gettext_lazy("Invite")
    success_message = gettext_lazy("Invited; the person is told by e-mail.")

    def perform(self, form: Any) -> Any:
        return panel.invite_member(actor=self.actor, assessment_id=self.assessment.pk, **form.cleaned_data)


class OfficerAction(OfficerMixin, ActionView):
    """A button of the officer."""


class DealView(OfficerAction):
    success_message = gettext_lazy("Dealt. Look at the loads, then begin the scoring.")

    def perform(self) -> Any:
        return assignment.deal_reviews(actor=self.actor, assessment_id=self.assessment.pk)


class BeginScoringView(OfficerAction):
    success_message = gettext_lazy("The scoring has begun; the reviewers are told.")

    def perform(self) -> Any:
        return assessments.begin_scoring(actor=self.actor, assessment_id=self.assessment.pk)


class DeliberateView(OfficerAction):
    success_message = gettext_lazy("The deliberation has begun.")

    def perform(self) -> Any:
        return assessments.begin_deliberation(actor=self.actor, assessment_id=self.assessment.pk)


class MemberMixin(OfficerMixin):
    """A member of an assessment's panel."""

    member: PanelMember

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.member = or_404(lambda: PanelMember.objects.select_related("user").get(pk=pk))
        super().prepare(self.member.assessment_id)


class RemindView(MemberMixin, ActionView):
    success_message = gettext_lazy("Reminded.")

    def perform(self) -> Any:
        return scoring.remind_member(actor=self.actor, member_id=self.member.pk)


class EndSeatView(MemberMixin, OfficerForm):
    form_class = ReasonForm
    heading = gettext_lazy("End a seat")
    success_message = gettext_lazy("Ended. Give the open reviews to others.")

    def perform(self, form: Any) -> Any:
        return panel.end_seat(actor=self.actor, member_id=self.member.pk, **form.cleaned_data)


class ReviewListView(OfficerMixin, ActorPage):
    """Who reviews what and how far it is; single points are not shown."""

    template_name = "ventures/assessment_reviews.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = (
            ApplicationReview.objects.standing()
            .filter(member__assessment=self.assessment)
            .select_related("member__user", "application__body")
            .order_by("application__title", "application_id", "pk")
        )
        if self.request.GET.get("open"):
            rows = rows.filter(submitted_at=None)
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs, page=page, count=page.paginator.count)


class ReassignView(OfficerForm):
    form_class = ReassignForm
    heading = gettext_lazy("Give a review to somebody else")
    success_message = gettext_lazy("Given on; the new reviewer is told.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = ApplicationReview.objects.standing().select_related("member__user", "application")
        self.review = or_404(lambda: rows.get(pk=pk))
        super().prepare(self.review.member.assessment_id)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "members": seated(self.assessment).exclude(pk=self.review.member_id)}

    def perform(self, form: Any) -> Any:
        return assignment.reassign_review(
            actor=self.actor,
            review_id=self.review.pk,
            member_id=int(form.cleaned_data["member"]),
            reason=form.cleaned_data["reason"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lede = f"{self.review.application.title} · {self.review.member}"
        return super().get_context_data(**kwargs, lede=lede)

    def get_success_url(self) -> str:
        return reverse("ventures:assessment-reviews", args=[self.assessment.pk])


# The ranking


class ScoresMixin(AssessmentMixin):
    def allowed(self) -> Decision:
        return can_see_scores(self.actor, self.assessment)  # type: ignore[attr-defined]


class RankingView(ScoresMixin, ActorPage):
    """Both means side by side, the totals and places. A handful of queries, whatever the number of applications."""

    template_name = "ventures/assessment_ranking.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = ranking_of(self.assessment)
        page = Paginator(lines, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            **kwargs,
            page=page,
            count=len(lines),
            rows=with_names(self.assessment, list(page.object_list)),
            strictness=reviewer_means(self.assessment),
            has_defence=any(line.defence is not None or line.is_awaited for line in lines),
            awaited=sum(line.is_awaited for line in lines),
            has_bonus=any(line.bonus for line in lines),
            may_run=can_run_assessment(self.actor, self.assessment).allowed,
            bonuses_open=bool(self.assessment.bonus_cap)
            and self.assessment.status
            in (AssessmentStatus.SCORING, AssessmentStatus.DEFENCE, AssessmentStatus.DELIBERATION),
        )


class RankingFileView(ScoresMixin, ActorPage):
    """The whole ranking as CSV or XLSX."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        columns = [
            _("Rank"),
            _("Name of the project"),
            _("Organization"),
            _("Reviews"),
            _("Mean"),
            _("Normalised mean"),
            _("Bonus"),
            _("Defence"),
            _("Total points"),
        ]
        rows = [
            [
                each["line"].rank,
                each["application"].title,
                each["application"].body.name,
                each["line"].reviews,
                each["line"].raw,
                each["line"].normalised,
                each["line"].bonus,
                each["line"].defence,
                each["line"].total,
            ]
            for each in with_names(self.assessment, ranking_of(self.assessment))
        ]
        name = f"{self.assessment.call.number}-ranking"
        if kwargs["kind"] == "csv":
            return csv_response(f"{name}.csv", columns, rows)
        return _workbook(f"{name}.xlsx", columns, rows)


def _workbook(name: str, columns: list[str], rows: list[list[Any]]) -> HttpResponse:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(columns)
    for row in rows:
        sheet.append([guarded(value) if isinstance(value, str) else value for value in row])
    output = BytesIO()
    book.save(output)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(output.getvalue(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class BonusView(OfficerForm):
    form_class = BonusForm
    heading = gettext_lazy("Give bonus points")
    success_message = gettext_lazy("Noted.")

    def get_form_kwargs(self) -> dict[str, Any]:
        choices = [(str(key), title) for key, title in assessed(self.assessment).values_list("pk", "title")]
        return {**super().get_form_kwargs(), "schemes": self.assessment.bonuses.all(), "choices": choices}

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        return assessments.give_bonus(
            actor=self.actor,
            assessment_id=self.assessment.pk,
            scheme_id=int(data["scheme"]),
            application_id=data["application"],
            reason=data["reason"],
        )

    def get_success_url(self) -> str:
        return reverse("ventures:assessment-ranking", args=[self.assessment.pk])


# The defence day


class DrawDefenceView(OfficerForm):
    form_class = DefenceForm
    heading = gettext_lazy("Defence day")
    submit = gettext_lazy("Draw the order and tell the applicants")
    success_message = gettext_lazy("Drawn; the applicants are told their slots.")

    def perform(self, form: Any) -> Any:
        return defence.draw_defence(
            actor=self.actor, assessment_id=self.assessment.pk, day=DayInput(**form.cleaned_data)
        )


class DefenceView(ScoresMixin, ActorPage):
    """The day as it runs: the slot that is on, the clock, how many points are in. Reads itself anew."""

    def prepare(self, pk: int, **kwargs: Any) -> None:
        super().prepare(pk)
        or_404(lambda: Assessment.objects.get(pk=pk, defence__isnull=False))

    def get_template_names(self) -> list[str]:
        return ["ventures/_defence_live.html" if self.request.GET.get("part") else "ventures/defence_day.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_on = self.assessment.status == AssessmentStatus.DEFENCE
        may_run = can_run_assessment(self.actor, self.assessment).allowed and is_on
        return super().get_context_data(**kwargs, may_run=may_run, is_on=is_on, **live_of(self.assessment))


class SlotAction(OfficerMixin, ActionView):
    slot: DefenceSlot

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.slot = or_404(lambda: DefenceSlot.objects.select_related("day").get(pk=pk))
        super().prepare(self.slot.day.assessment_id)

    def get_success_url(self) -> str:
        return reverse("ventures:assessment-defence", args=[self.assessment.pk])


class BeginSlotView(SlotAction):
    def perform(self) -> Any:
        return defence.begin_slot(actor=self.actor, slot_id=self.slot.pk)


class EndSlotView(SlotAction):
    def perform(self) -> Any:
        is_absent = bool(self.request.POST.get("absent"))
        return defence.end_slot(actor=self.actor, slot_id=self.slot.pk, is_absent=is_absent)


# Coaching


class CoachingView(OfficerForm):
    """Mentors of the applications, and naming one."""

    form_class = MentorForm
    template_name = "ventures/assessment_coaching.html"
    heading = gettext_lazy("Coaching")
    submit = gettext_lazy("Name the mentor")
    success_message = gettext_lazy("Named; mentor and applicant are told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        choices = [(str(key), title) for key, title in assessed(self.assessment).values_list("pk", "title")]
        return {**super().get_form_kwargs(), "choices": choices}

    def perform(self, form: Any) -> Any:
        return coaching.assign_mentor(
            actor=self.actor,
            assessment_id=self.assessment.pk,
            application_id=form.cleaned_data["application"],
            email=form.cleaned_data["email"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Mentorship.objects.filter(application__call_id=self.assessment.call_id, ended_at=None)
        found = rows.select_related("application__body", "mentor").prefetch_related("sessions", "application__versions")
        return super().get_context_data(**kwargs, mentorships=list(found))

    def get_success_url(self) -> str:
        return reverse("ventures:assessment-coaching", args=[self.assessment.pk])
