"""A lot in the workspace of the buyer and its agent: stage, eligibility, committee, start of the review."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.decisions import Decision
from marketplace.documents.generation import latest_document
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, or_404

from ..forms.review import (
    BriefingForm,
    CreditForm,
    DrawForm,
    FindingsForm,
    LotFilterForm,
    ReasonForm,
    RepresentativeForm,
)
from ..models import BidStatus, CreditList, Lot, LotStatus, MemberKind, MemberStatus
from ..permissions.review import can_read_lot, can_run_review, can_suspend
from ..selectors.award import active_award, ranked
from ..selectors.committee import hidden_names, may_sit, needed_for, representative_choices
from ..selectors.eligibility import credit_lists, sheets
from ..selectors.review import leaf_criteria, lots_for, opened_bids, seats
from ..selectors.score_tables import member_tables
from ..selectors.stages import next_step, steps
from ..services.committee import draw_committee, name_representative, replace_member
from ..services.eligibility import conclude_check, record_credit_query, record_findings, start_check
from ..services.review import start_review

PAGE_SIZE = 30
AFTER_OPENING = (
    LotStatus.OPENED,
    LotStatus.ELIGIBILITY,
    LotStatus.REVIEW,
    LotStatus.CONSOLIDATED,
    LotStatus.REVIEWED,
    LotStatus.AWARDED,
    LotStatus.CONTRACTED,
)
WITH_RESULT = (LotStatus.REVIEWED, LotStatus.AWARDED, LotStatus.CONTRACTED)
PUBLIC_NAMES = (LotStatus.AWARDED, LotStatus.CONTRACTED)


class LotMixin:
    """Looks a lot up among those the actor may see."""

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.lot = or_404(
            lambda: lots_for(self.actor).select_related("tender__agency", "tender__item").get(pk=pk)  # type: ignore[attr-defined]
        )

    def allowed(self) -> Decision:
        return can_read_lot(self.actor, self.lot)  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, lot=self.lot, tender=self.lot.tender)  # type: ignore[misc]


class RunMixin(LotMixin):
    """Pages on which an officer of the buyer or the agent does something."""

    def allowed(self) -> Decision:
        return can_run_review(self.actor, self.lot)  # type: ignore[attr-defined]


class LotListView(ActorPage):
    template_name = "procurement/lot_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = LotFilterForm(self.request.GET or None)
        rows = lots_for(self.actor).order_by("-tender__published_at", "position")
        if form.is_valid():
            words, status = form.cleaned_data["q"].strip(), form.cleaned_data["status"]
            if words:
                rows = rows.filter(
                    Q(tender__number__icontains=words) | Q(tender__title__icontains=words) | Q(title__icontains=words)
                )
            rows = rows.filter(status=status) if status else rows
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs, filter_form=form, page=page, count=page.paginator.count)


class LotDetailView(LotMixin, ActorPage):
    template_name = "procurement/lot_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lot = self.lot
        result = ranked(lot) if lot.status in WITH_RESULT else []
        criteria = leaf_criteria(lot.tender) if result else []
        return super().get_context_data(
            **kwargs,
            steps=steps(lot),
            next=next_step(lot, self.actor),
            bids=opened_bids(lot) if lot.status in AFTER_OPENING or hasattr(lot, "opening") else [],
            result=result,
            tables=member_tables(lot, result, criteria),
            members=shown_members(lot),
            report=latest_document("review_report", lot) if lot.status in WITH_RESULT else None,
            signatures=latest_document("review_signatures", lot) if lot.status in WITH_RESULT else None,
            award=active_award(lot),
            suspension=lot.tender.suspensions.filter(lifted_at=None).first(),
            may_suspend=bool(can_suspend(self.actor)),
            may_run=bool(can_run_review(self.actor, lot)),
            objections=lot.objections.select_related("body").order_by("pk"),
        )


def shown_members(lot: Lot) -> list[tuple[Any, str]]:
    """Members by number until the result notice, by name afterwards (R-COMM-11)."""
    members = list(seats(lot))
    if lot.status in PUBLIC_NAMES:
        return [(member, str(member.user)) for member in members]
    return hidden_names(members)


class EligibilityView(LotMixin, ActorPage):
    """All bids with their points, and how far the check is."""

    template_name = "procurement/lot_eligibility.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        check = getattr(self.lot, "eligibility_check", None)
        rows = sheets(self.lot) if check else []
        checked = [sheet for sheet in rows if sheet.bid.status != BidStatus.UNREADABLE]
        return super().get_context_data(
            **kwargs,
            check=check,
            sheets=rows,
            passing=sum(sheet.passes for sheet in rows),
            is_complete=bool(rows) and all(sheet.is_complete for sheet in checked),
            may_run=bool(can_run_review(self.actor, self.lot)),
            next=next_step(self.lot, self.actor),
        )


class EligibilityStartView(RunMixin, ActionView):
    success_message = _("The check is open. Ties between bidders have been computed from the register.")

    def perform(self) -> Any:
        return start_check(actor=self.actor, lot_id=self.lot.pk)

    def get_success_url(self) -> str:
        return reverse("procurement:lot-eligibility", args=[self.lot.pk])


class EligibilityConcludeView(RunMixin, ActionView):
    success_message = _("The check is concluded.")

    def perform(self) -> Any:
        return conclude_check(actor=self.actor, lot_id=self.lot.pk)

    def get_success_url(self) -> str:
        return reverse("procurement:lot-eligibility", args=[self.lot.pk])


class SheetMixin(RunMixin):
    """One bid of the check."""

    def prepare(self, pk: int, bid: int = 0, **kwargs: Any) -> None:
        super().prepare(pk)
        self.sheet = or_404(lambda: next_or_missing([row for row in sheets(self.lot) if row.bid.pk == bid]))

    def get_success_url(self) -> str:
        return reverse("procurement:eligibility-check", args=[self.lot.pk, self.sheet.bid.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        looked_up = [(key, label, self.sheet.queries.get(key)) for key, label in credit_lists()]
        computed = [row for row in self.sheet.rows if row.point.is_computed]
        return super().get_context_data(**kwargs, sheet=self.sheet, credit=looked_up, computed=computed)


def next_or_missing(rows: list[Any]) -> Any:
    if not rows:
        raise Lot.DoesNotExist
    return rows[0]


class EligibilityCheckView(SheetMixin, ServiceFormView):
    template_name = "procurement/eligibility_check.html"
    form_class = FindingsForm
    success_message = _("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "rows": self.sheet.rows}

    def perform(self, form: Any) -> Any:
        return record_findings(actor=self.actor, bid_id=self.sheet.bid.pk, findings=form.findings())


class CreditQueryView(SheetMixin, ServiceFormView):
    """One look-up with its picture."""

    template_name = "procurement/credit_query.html"
    form_class = CreditForm
    success_message = _("The look-up is stored.")

    def prepare(self, pk: int, bid: int = 0, list: str = "", **kwargs: Any) -> None:
        super().prepare(pk, bid)
        self.list = or_404(lambda: next_or_missing([each for each in CreditList if each.value == list]))

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        return record_credit_query(
            actor=self.actor,
            bid_id=self.sheet.bid.pk,
            credit_list=self.list.value,
            is_listed=data["is_listed"],
            upload=data["file"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, list_label=self.list.label)


class CommitteeView(LotMixin, ActorPage):
    """Pool, draw, seats; names stay hidden until the result notice."""

    template_name = "procurement/lot_committee.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lot = self.lot
        needed = needed_for(lot)
        members = shown_members(lot)
        left = lot.members.exclude(status__in=[MemberStatus.INVITED, MemberStatus.ACCEPTED]).order_by("pk")
        return super().get_context_data(
            **kwargs,
            needed=needed,
            pool=getattr(lot, "pool", None),
            draw=getattr(lot, "draw", None),
            members=members,
            left=left,
            missing_experts=needed.experts - sum(m.kind == MemberKind.EXPERT for m, _name in members),
            missing_representatives=needed.representatives - sum(m.kind == MemberKind.BUYER for m, _name in members),
            complete=may_sit(lot, needed),
            may_run=bool(can_run_review(self.actor, lot)),
            is_forming=lot.status in (LotStatus.OPENED, LotStatus.ELIGIBILITY),
            is_seating=lot.status in (LotStatus.OPENED, LotStatus.ELIGIBILITY, LotStatus.REVIEW),
            draw_form=DrawForm(),
            representative_form=RepresentativeForm(people=representative_choices(lot)),
            next=next_step(lot, self.actor),
        )


class CommitteeFormView(RunMixin, ServiceFormView):
    """A form of the committee's page, shown alone when something is wrong with it."""

    template_name = "procurement/committee_form.html"
    heading: Any = ""
    submit: Any = ""

    def get_success_url(self) -> str:
        return reverse("procurement:lot-committee", args=[self.lot.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, heading=self.heading, submit=self.submit, back=CommitteeFormView.get_success_url(self)
        )


class DrawView(CommitteeFormView):
    form_class = DrawForm
    heading = submit = _("Draw the experts")
    success_message = _("The experts have been drawn and invited.")

    def perform(self, form: Any) -> Any:
        return draw_committee(actor=self.actor, lot_id=self.lot.pk, **form.cleaned_data)


class RepresentativeView(CommitteeFormView):
    form_class = RepresentativeForm
    heading = submit = _("Ask a person to represent the buyer")
    success_message = _("The person has been asked.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": representative_choices(self.lot)}

    def perform(self, form: Any) -> Any:
        return name_representative(actor=self.actor, lot_id=self.lot.pk, user_id=int(form.cleaned_data["user"]))


class ReplaceMemberView(CommitteeFormView):
    form_class = ReasonForm
    heading = submit = _("Give the seat to the next one")
    success_message = _("The seat has been given on.")

    def prepare(self, pk: int, member: int = 0, **kwargs: Any) -> None:
        super().prepare(pk)
        self.member = or_404(lambda: self.lot.members.get(pk=member))

    def perform(self, form: Any) -> Any:
        return replace_member(actor=self.actor, member_id=self.member.pk, reason=form.cleaned_data["reason"])


class ReviewStartView(CommitteeFormView):
    form_class = BriefingForm
    heading = submit = _("Start the review")
    success_message = _("The review is open to the members.")

    def perform(self, form: Any) -> Any:
        return start_review(actor=self.actor, lot_id=self.lot.pk, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("procurement:lot-detail", args=[self.lot.pk])
