"""A reviewer's pages: the seat, the conflicts, each review, points on the defence day; and a mentor's sessions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.core.exceptions import MarketplaceError, StaleVersion
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, or_404, refusal_text

from ..forms.assessment import (
    AnswerSeatForm,
    ChangeScoreForm,
    ConflictForm,
    DefenceScoreForm,
    ReviewForm,
    SessionForm,
)
from ..models import ApplicationReview, AssessmentStatus, Mentorship, PanelMember, PanelStatus, ReviewScore
from ..permissions.assessment import can_sit
from ..selectors.assessment import assessed
from ..selectors.assessment_pages import live_of, next_review, own_reviews, own_score
from ..selectors.reading import is_covered, sections_of
from ..services import coaching, defence, panel, scoring
from ..services.scoring import field_of


class SeatListView(ActorPage):
    """The own seats and coachings."""

    template_name = "ventures/seat_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seats = PanelMember.objects.filter(user_id=self.actor.user_id).select_related("assessment__call__lead")
        coached = Mentorship.objects.filter(mentor_id=self.actor.user_id, ended_at=None)
        return super().get_context_data(
            **kwargs,
            seats=list(seats.order_by("-pk")),
            mentorships=list(coached.select_related("application__call")),
        )


class SeatMixin:
    """The own seat; a stranger's is «not found»."""

    member: PanelMember

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = PanelMember.objects.filter(user_id=self.actor.user_id)  # type: ignore[attr-defined]
        self.member = or_404(lambda: rows.select_related("assessment__call__lead", "user").get(pk=pk))
        self.assessment = self.member.assessment

    def get_success_url(self) -> str:
        return reverse("ventures:seat-detail", args=[self.member.pk])

    def choices(self) -> list[tuple[str, str]]:
        """To find a tie one has to see who applies; while the scoring is blind, without the names of the projects."""
        rows = assessed(self.assessment).select_related("body").order_by("body__name", "pk")
        blind = self.assessment.is_blind
        return [(str(row.pk), row.body.name if blind else f"{row.body.name}：{row.title}") for row in rows]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(  # type: ignore[misc]
            **kwargs,
            member=self.member,
            assessment=self.assessment,
            call=self.assessment.call,
            back=reverse("ventures:seat-detail", args=[self.member.pk]),
        )


class SittingMixin(SeatMixin):
    """Pages of a member who has accepted."""

    def allowed(self) -> Decision:
        return can_sit(self.actor, self.member)  # type: ignore[attr-defined]


class SeatDetailView(SeatMixin, ActorPage):
    template_name = "ventures/seat_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        accepted = self.member.status == PanelStatus.ACCEPTED
        scoring_on = self.assessment.status != AssessmentStatus.PREPARING
        reviews = own_reviews(self.member) if accepted and scoring_on else []
        for row in reviews:
            row.name_hidden = is_covered(row, self.assessment)  # type: ignore[attr-defined]
        return super().get_context_data(
            **kwargs,
            reviews=reviews,
            done=sum(row.submitted_at is not None for row in reviews),
            criteria_count=self.assessment.criteria.count(),
            is_invited=self.member.status == PanelStatus.INVITED,
            is_accepted=accepted,
            defence_on=accepted and self.assessment.status == AssessmentStatus.DEFENCE,
            conflicts=list(self.member.conflicts.select_related("application__body")),
        )


class AnswerSeatView(SeatMixin, ServiceFormView):
    """Accept with the statements."""

    template_name = "ventures/seat_answer.html"
    form_class = AnswerSeatForm
    success_message = gettext_lazy("Thank you for your answer.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "choices": self.choices()}

    def get_initial(self) -> dict[str, Any]:
        return {"employer": self.member.employer}

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        return panel.answer_invitation(
            actor=self.actor,
            member_id=self.member.pk,
            accepts=True,
            employer=data["employer"],
            keeps_secret=data["keeps_secret"],
            conflicts=dict.fromkeys(data["conflicts"], data["note"]),
        )


class ConflictView(SittingMixin, ServiceFormView):
    """A tie found later."""

    template_name = "ventures/seat_form.html"
    form_class = ConflictForm
    success_message = gettext_lazy("Noted. The officer gives your review of it to somebody else.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "choices": self.choices()}

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        return panel.declare_conflict(
            actor=self.actor, member_id=self.member.pk, application_id=data["application"], note=data["note"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, heading=_("Declare a tie"))


# One review


class ReviewMixin:
    """An own review that stands; a stranger's is «not found»."""

    review: ApplicationReview

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = ApplicationReview.objects.of_actor(self.actor)  # type: ignore[attr-defined]
        related = ("member__assessment__call", "member__user", "application__body", "application__theme")
        started = rows.exclude(member__assessment__status=AssessmentStatus.PREPARING)
        self.review = or_404(lambda: started.select_related(*related).get(pk=pk))
        self.assessment = self.review.member.assessment


class ReviewView(ReviewMixin, ServiceFormView):
    """The scoring screen: each criterion with what the application says to it. Saves itself; handed in by a button."""

    template_name = "ventures/review.html"
    form_class = ReviewForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "criteria": self.assessment.criteria.all()}

    def get_initial(self) -> dict[str, Any]:
        row = self.review
        given = {field_of(score.criterion): score.points for score in row.scores.select_related("criterion")}
        return {**given, "version": row.version, "comment": row.comment}

    def perform(self, form: Any) -> Any:
        row = scoring.save_review(
            actor=self.actor,
            review_id=self.review.pk,
            version=form.cleaned_data["version"],
            points=form.points(),
            comment=form.cleaned_data["comment"],
        )
        if "hand_in" in self.request.POST:
            # a refusal leaves what was saved: the form goes on from the new version
            form.data = form.data.copy()
            form.data["version"] = str(row.version)
            return scoring.hand_in_review(actor=self.actor, review_id=row.pk)
        return row

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page saves by itself and is answered in JSON; a refusal says why and keeps the page."""
        if request.POST.get("action") != "autosave":
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        if not form.is_valid():
            first = next(iter(form.errors.values()))[0]
            return JsonResponse({"text": str(first)}, status=422)
        try:
            row = self.perform(form)
        except StaleVersion as error:
            return JsonResponse({"text": str(error.message)}, status=409)
        except MarketplaceError as error:
            return JsonResponse({"text": refusal_text(error)}, status=422)
        return JsonResponse({"text": _("Saved %(at)s") % {"at": f"{clock.now():%H:%M:%S}"}, "version": row.version})

    def get_success_url(self) -> str:
        if "hand_in" not in self.request.POST:
            messages.success(self.request, _("Saved."))
            return reverse("ventures:review", args=[self.review.pk])
        following = next_review(self.review)
        messages.success(self.request, _("Handed in. Your points are fixed."))
        if following is not None:
            return reverse("ventures:review", args=[following.pk])
        return reverse("ventures:seat-detail", args=[self.review.member_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        row, form = self.review, context["form"]
        is_blind = is_covered(row, self.assessment)
        version = row.application.versions.last()
        sections = sections_of(version, row.application, blind=is_blind)
        keys = {criterion.key for criterion in form.criteria}
        scores = {score.criterion_id: score for score in row.scores.prefetch_related("changes")}
        return context | {
            "review": row,
            "member": row.member,
            "call": self.assessment.call,
            "is_blind": is_blind,
            "files": version.content.get("files", ()) if version is not None and not is_blind else (),
            "is_open": row.submitted_at is None and self.assessment.status == AssessmentStatus.SCORING,
            "may_change": self.assessment.status == AssessmentStatus.DELIBERATION,
            "general": [section for section in sections if section.criterion not in keys],
            "lines": [
                {
                    "criterion": criterion,
                    "field": form[field_of(criterion)],
                    "score": scores.get(criterion.pk),
                    "sections": [section for section in sections if section.criterion == criterion.key],
                }
                for criterion in form.criteria
            ],
            "given": sum(score.points for score in scores.values()),
        }


class ChangeScoreView(ReviewMixin, ServiceFormView):
    """In the deliberation: an own score with another value and the reason."""

    template_name = "ventures/seat_form.html"
    form_class = ChangeScoreForm
    success_message = gettext_lazy("Changed; the old points stay readable.")

    def prepare(self, pk: int, score: int = 0, **kwargs: Any) -> None:
        super().prepare(pk)
        self.score = or_404(lambda: ReviewScore.objects.select_related("criterion").get(pk=score, review=self.review))

    def get_initial(self) -> dict[str, Any]:
        return {"points": self.score.points}

    def perform(self, form: Any) -> Any:
        return scoring.change_score(actor=self.actor, score_id=self.score.pk, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        heading = _("Change the points for «%(title)s»") % {"title": self.score.criterion.title}
        return super().get_context_data(
            **kwargs,
            heading=heading,
            lede=self.review.application.title,
            member=self.review.member,
            call=self.assessment.call,
            back=self.get_success_url(),
        )

    def get_success_url(self) -> str:
        return reverse("ventures:review", args=[self.review.pk])


class DefenceScoreView(SittingMixin, ServiceFormView):
    """On a phone: the defence that is on, its clock, the own points."""

    template_name = "ventures/defence_score.html"
    form_class = DefenceScoreForm
    success_message = gettext_lazy("Your points are in. You may change them until the deliberation.")

    def prepare(self, pk: int, slot: int = 0, **kwargs: Any) -> None:
        super().prepare(pk)
        self.live = or_404(lambda: live_of(self.assessment))
        chosen = [row for row in self.live["slots"] if row.pk == slot]
        self.slot = chosen[0] if chosen else self.live["slot"] or self.live["slots"][-1]

    def get_initial(self) -> dict[str, Any]:
        there = own_score(self.member, self.slot)
        return {"points": there.points, "note": there.note} if there else {}

    def perform(self, form: Any) -> Any:
        return defence.score_defence(actor=self.actor, slot_id=self.slot.pk, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("ventures:defence-score", args=[self.member.pk, self.slot.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {row.slot_id: row for row in self.member.defence_scores.all()}
        for row in self.live["slots"]:
            row.own = own.get(row.pk)
        return super().get_context_data(**{**kwargs, **self.live, "slot": self.slot})


class DefenceNowView(SittingMixin, ActorPage):
    """To the slot that is on."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        live = or_404(lambda: live_of(self.assessment))
        slot = live["slot"] or live["slots"][-1]
        return HttpResponseRedirect(reverse("ventures:defence-score", args=[self.member.pk, slot.pk]))


# Coaching


class MentorshipView(ServiceFormView):
    """A mentor's page: the application, its versions beside each other, the sessions; a new session."""

    template_name = "ventures/mentorship.html"
    form_class = SessionForm
    success_message = gettext_lazy("Noted.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Mentorship.objects.filter(mentor_id=self.actor.user_id).select_related("application__body", "mentor")
        self.mentorship = or_404(lambda: rows.select_related("application__call").get(pk=pk))

    def perform(self, form: Any) -> Any:
        return coaching.record_session(actor=self.actor, mentorship_id=self.mentorship.pk, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.mentorship
        versions = list(row.application.versions.all())
        return super().get_context_data(
            **kwargs,
            mentorship=row,
            application=row.application,
            sessions=list(row.sessions.all()),
            versions=[
                {"version": version, "sections": sections_of(version, row.application, blind=False)}
                for version in ([versions[0], versions[-1]] if len(versions) > 1 else versions)
            ],
        )

    def get_success_url(self) -> str:
        return reverse("ventures:mentorship", args=[self.mentorship.pk])


class DeclineSeatView(SeatMixin, ActionView):
    """Decline without the statements."""

    success_message = gettext_lazy("Thank you for your answer.")

    def perform(self) -> Any:
        reason = self.request.POST.get("reason", "")
        return panel.answer_invitation(actor=self.actor, member_id=self.member.pk, accepts=False, reason=reason)
