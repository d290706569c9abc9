"""The award: proposal, decision, letters, refusal, the published file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from marketplace.core.decisions import Decision
from marketplace.core.workcalendar import calendar
from marketplace.documents.generation import latest_document
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, or_404

from ..forms.review import AwardForm, ReasonForm
from ..models import Award, AwardStatus, Letter, LotStatus
from ..permissions.review import (
    SUPPLIER_ROLES,
    can_decide_award,
    can_propose_award,
    can_read_letter,
    can_refuse_award,
    can_run_review,
)
from ..rules.award import decision_due
from ..selectors.award import active_award, candidates, ranked, tied_first, turn
from ..selectors.award_files import published_file
from ..selectors.objections import is_contract_held
from ..selectors.review import lots_for, values_of
from ..selectors.score_tables import letter_rows
from ..services.award import draw_tie, propose_award, publish_award, refuse_award, restart, return_award
from ..services.letters import DOCUMENT_KINDS, mark_read
from ..services.notice_parts import full_title
from .lots import LotMixin

PROGRAM = Path(__file__).resolve().parents[3] / "docs" / "verify_award.py"


class AwardView(LotMixin, ServiceFormView):
    """Ranking, whose turn it is, the proposal and the decision."""

    template_name = "procurement/lot_award.html"
    form_class = AwardForm
    success_message = _("Proposed. A second person of the buyer decides.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        super().prepare(pk)
        if not hasattr(self.lot, "review") or self.lot.review.reviewed_at is None:
            raise Http404
        self.bids = candidates(self.lot)
        self.first = turn(self.lot)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "bids": self.bids}

    def get_initial(self) -> dict[str, Any]:
        return {"bid": self.first[0].pk} if len(self.first) == 1 else {}

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        return propose_award(actor=self.actor, lot_id=self.lot.pk, bid_id=data["bid"], reason=data["reason"])

    def get_success_url(self) -> str:
        return reverse("procurement:lot-award", args=[self.lot.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lot, award = self.lot, active_award(self.lot)
        ended = lot.awards.filter(status__in=[AwardStatus.REFUSED, AwardStatus.ANNULLED, AwardStatus.RETURNED])
        return super().get_context_data(
            **kwargs,
            ranking=ranked(lot),
            first=self.first,
            tied=tied_first(lot),
            award=award,
            ended=ended.select_related("bid__body").order_by("pk"),
            decide=can_decide_award(self.actor, award) if award else None,
            may_propose=bool(can_propose_award(self.actor, lot)),
            may_restart=bool(can_run_review(self.actor, lot)),
            is_open=lot.status == LotStatus.REVIEWED,
            due=decision_due(lot.review.reviewed_at, values_of(lot.tender).decision_days, calendar()),
            held=is_contract_held(award) if award and award.status == AwardStatus.PUBLISHED else None,
            report=latest_document("review_report", lot),
            signatures=latest_document("review_signatures", lot),
            return_form=ReasonForm(prefix="return"),
            restart_form=ReasonForm(prefix="restart"),
        )


class TieView(LotMixin, ActionView):
    success_message = _("Drawn by lot from the log's head.")

    def perform(self) -> Any:
        return draw_tie(actor=self.actor, lot_id=self.lot.pk)

    def get_success_url(self) -> str:
        return reverse("procurement:lot-award", args=[self.lot.pk])


class AwardMixin:
    """An award of a lot that the actor may see."""

    def prepare(self, pk: int, **kwargs: Any) -> None:
        actor = self.actor  # type: ignore[attr-defined]
        self.award = or_404(
            lambda: Award.objects.select_related("lot__tender__buyer", "bid__body").get(pk=pk, lot__in=lots_for(actor))
        )

    def allowed(self) -> Decision:
        return can_decide_award(self.actor, self.award)  # type: ignore[attr-defined]

    def get_success_url(self) -> str:
        return reverse("procurement:lot-award", args=[self.award.lot_id])


class AwardPublishView(AwardMixin, ActionView):
    success_message = _("The result is published, and every bidder has a letter.")

    def perform(self) -> Any:
        return publish_award(actor=self.actor, award_id=self.award.pk)


class ReasonPage(ServiceFormView):
    """A page with one reason to write."""

    template_name = "procurement/reason_form.html"
    form_class = ReasonForm
    heading: Any = ""
    lede: Any = ""
    danger: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, heading=self.heading, lede=self.lede, danger=self.danger, back=self.get_success_url()
        )


class AwardReturnView(AwardMixin, ReasonPage):
    heading = _("Return the proposal")
    lede = _("The officer gets it back with your reason and proposes anew.")
    success_message = _("Returned.")

    def perform(self, form: Any) -> Any:
        return return_award(actor=self.actor, award_id=self.award.pk, reason=form.cleaned_data["reason"])


class RestartView(LotMixin, ReasonPage):
    heading = _("Start anew")
    lede = _("The lot becomes void; every bidder is told why, and the purchase can be tendered again.")
    danger = _("This cannot be taken back.")
    success_message = _("The lot is void. It can be tendered again.")

    def allowed(self) -> Decision:
        return can_run_review(self.actor, self.lot)

    def perform(self, form: Any) -> Any:
        return restart(actor=self.actor, lot_id=self.lot.pk, reason=form.cleaned_data["reason"])

    def get_success_url(self) -> str:
        return reverse("procurement:lot-detail", args=[self.lot.pk])


class LetterListView(ActorPage):
    """Letters on results to the actor's organization."""

    template_name = "procurement/letter_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Letter.objects.filter(bid__body_id=self.actor.body_id).select_related(
            "award__lot__tender__buyer", "bid__result"
        )
        return super().get_context_data(**kwargs, letters=rows.order_by("-sent_at", "-pk"))


class LetterMixin:
    def prepare(self, pk: int, **kwargs: Any) -> None:
        actor = self.actor  # type: ignore[attr-defined]
        letters = Letter.objects.select_related("award__lot__tender__buyer", "award__bid__body", "bid__body")
        self.letter = or_404(lambda: letters.get(pk=pk))
        if not can_read_letter(actor, self.letter):
            raise Http404


class LetterDetailView(LetterMixin, ActorPage):
    template_name = "procurement/letter_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letter = self.letter
        is_own = self.actor.body_id == letter.bid.body_id
        if is_own and letter.read_at is None:
            mark_read(actor=self.actor, letter_id=letter.pk)
        award = letter.award
        return super().get_context_data(
            **kwargs,
            letter=letter,
            award=award,
            lot=award.lot,
            full_title=full_title(award.lot),
            rows=letter_rows(letter.bid),
            document=latest_document(DOCUMENT_KINDS[letter.kind], letter),
            may_refuse=award.status == AwardStatus.PUBLISHED
            and award.lot.status == LotStatus.AWARDED
            and bool(can_refuse_award(self.actor, award)),
            may_object=is_own and self.actor.has(*SUPPLIER_ROLES),
        )


class AwardRefuseView(ReasonPage):
    """The winner refuses."""

    heading = _("Refuse the award")
    lede = _("The next candidate follows. The refusal and its reason are recorded.")
    danger = _("Refusing without good reason after the award letter is an offence (R-AWARD-09).")
    success_message = _("Your refusal is recorded.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.award = or_404(lambda: Award.objects.select_related("lot__tender", "bid").get(pk=pk))
        if not can_refuse_award(self.actor, self.award):
            raise Http404

    def perform(self, form: Any) -> Any:
        return refuse_award(actor=self.actor, award_id=self.award.pk, reason=form.cleaned_data["reason"])

    def get_success_url(self) -> str:
        return reverse("procurement:letter-list")


class AwardFileView(View):
    """The published award file of a project: everyone may take it and compute the award again."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        data = published_file(number)
        if data is None:
            raise Http404
        response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
        response["Access-Control-Allow-Origin"] = "*"
        return response


class VerifyProgramView(View):
    """The stand-alone program that recomputes an award file."""

    def get(self, request: HttpRequest) -> FileResponse:
        return FileResponse(
            PROGRAM.open("rb"),
            as_attachment=True,
            filename="verify_award.py",
            content_type="text/x-python; charset=utf-8",
        )
