"""The scoring screen: one bid, its criteria with their ranges, the bid's documents beside; and corrections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, or_404, refusal_text

from ..forms.review import CorrectionForm, ScoreForm
from ..models import BidStatus, Score
from ..selectors.panels import Progress, answers, next_open, other_files, progress
from ..selectors.review import leaf_criteria, reviewed_bids
from ..selectors.score_tables import outlier_rows
from ..services.scoring import all_submitted, cells_to_correct, correct_score, save_scores, submit_sheet
from .panels import PanelFormView, ReviewMixin


class ScoreView(ReviewMixin, ServiceFormView):
    template_name = "procurement/panel_score.html"
    form_class = ScoreForm

    def prepare(self, pk: int, bid: int = 0, **kwargs: Any) -> None:
        super().prepare(pk)
        self.bid = or_404(lambda: reviewed_bids(self.lot).filter(status=BidStatus.VALID).get(pk=bid))
        self.criteria = leaf_criteria(self.lot.tender)

    def get_form_kwargs(self) -> dict[str, Any]:
        scores = Score.objects.filter(sheet__member=self.member, bid=self.bid)
        return {**super().get_form_kwargs(), "criteria": self.criteria, "scores": list(scores)}

    def perform(self, form: Any) -> Any:
        return save_scores(actor=self.actor, member_id=self.member.pk, bid_id=self.bid.pk, choices=form.choices())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page saves each choice by itself and is answered in JSON; a refusal says why and keeps the page."""
        if request.POST.get("action") != "autosave":
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        try:
            if not form.is_valid():
                return JsonResponse({"text": str(_("Choose one of the published ranges."))}, status=422)
            self.perform(form)
        except MarketplaceError as error:
            return JsonResponse({"text": refusal_text(error)}, status=422)
        rows = progress(self.member, self.criteria)
        scored, complete = sum(row.done for row in rows), sum(row.is_complete for row in rows)
        whole = len(rows) * len(self.criteria)
        return JsonResponse(
            {
                "text": _("Saved %(at)s") % {"at": f"{clock.now():%H:%M:%S}"},
                "done": next(row.done for row in rows if row.bid.pk == self.bid.pk),
                "scored": scored,
                "scored_text": _("%(scored)s of %(whole)s scores") % {"scored": scored, "whole": whole},
                "complete_text": _("%(complete)s of %(of)s bids complete") % {"complete": complete, "of": len(rows)},
            }
        )

    def get_success_url(self) -> str:
        """«Save» stays; «save and next» goes to the next bid with a gap, and home when there is none."""
        messages.success(
            self.request, _("Saved: %(done)s of %(all)s criteria.") % {"done": self.result, "all": len(self.criteria)}
        )
        if "next" not in self.request.POST:
            return self.address(self.bid.pk)
        following = next_open(progress(self.member, self.criteria), self.bid.pk)
        return self.address(following.bid.pk) + following.anchor if following else self.home()

    def address(self, bid: int) -> str:
        return reverse("procurement:panel-score", args=[self.member.pk, bid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        said = answers(self.bid, self.criteria)
        rows = progress(self.member, self.criteria)
        form = context["form"]
        return context | {
            "bid": self.bid,
            "rows": [(criterion, field, note, said[criterion.pk]) for criterion, field, note in form.pairs()],
            "others": other_files(self.bid),
            "progress": rows,
            **self.place(rows),
            "complete": sum(row.is_complete for row in rows),
            "scored": sum(row.done for row in rows),
            "whole": sum(row.of for row in rows),
            "submitted": self.member.sheet.submitted_at,
        }

    def place(self, rows: list[Progress]) -> dict[str, Any]:
        """Where this bid stands among all, and its neighbours."""
        at = [row.bid.pk for row in rows].index(self.bid.pk)
        return {
            "position": at + 1,
            "own": rows[at],
            "before": rows[at - 1] if at else None,
            "after": rows[at + 1] if at + 1 < len(rows) else None,
        }


class SubmitView(ReviewMixin, ActionView):
    success_message = gettext_lazy("Your scores are submitted and fixed.")

    def perform(self) -> Any:
        return submit_sheet(actor=self.actor, member_id=self.member.pk)


class CorrectionListView(ReviewMixin, ActorPage):
    """After all have submitted: objective scores that differ, scores far from the others'; one's own can be changed."""

    template_name = "procurement/panel_corrections.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not all_submitted(self.lot):
            return context | {"everyone": False}
        criteria = leaf_criteria(self.lot.tender)
        cells = cells_to_correct(self.lot)
        far = outlier_rows(self.lot, criteria)
        own = {(row.criterion_id, row.bid_id): row for row in self.own_scores()}
        bids = {bid.pk: bid for bid in reviewed_bids(self.lot)}
        by_key = {row.pk: row for row in criteria}
        return context | {
            "everyone": True,
            "cells": [
                {
                    "criterion": by_key[criterion],
                    "bid": bids[bid],
                    "given": self.given(criterion, bid),
                    "own": own.get((criterion, bid)),
                }
                for criterion, bid in cells
            ],
            "far": [
                row | {"own": own.get((row["criterion"].pk, row["bid"].pk))}
                for row in far
                if row["member_id"] == self.member.pk
            ],
            "far_others": [row for row in far if row["member_id"] != self.member.pk],
        }

    def own_scores(self) -> Any:
        return Score.objects.filter(sheet__member=self.member).select_related("range")

    def given(self, criterion: int, bid: int) -> list[tuple[Any, int]]:
        """Which points were given how often; by whom is nobody's business."""
        points = list(
            Score.objects.filter(criterion_id=criterion, bid_id=bid, sheet__member__lot=self.lot)
            .order_by("-points")
            .values_list("points", flat=True)
        )
        return [(value, points.count(value)) for value in dict.fromkeys(points)]


class CorrectionView(ReviewMixin, PanelFormView):
    form_class = CorrectionForm
    heading = gettext_lazy("Correct a score")
    submit = gettext_lazy("Correct")
    rule_id = "R-EVAL-12"
    success_message = gettext_lazy("The score is corrected; the old one stays on record.")

    def prepare(self, pk: int, score: int = 0, **kwargs: Any) -> None:
        super().prepare(pk)
        self.score = or_404(
            lambda: Score.objects.select_related("criterion", "bid__body", "range").get(
                pk=score, sheet__member=self.member
            )
        )
        self.lede = f"{self.score.bid.body.name} · {self.score.criterion.title}：{self.score.points:g}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "criterion": self.score.criterion}

    def get_initial(self) -> dict[str, Any]:
        return {"range": self.score.range_id}

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        return correct_score(
            actor=self.actor,
            member_id=self.member.pk,
            score_id=self.score.pk,
            range_id=data["range"],
            reason=data["reason"],
        )

    def get_success_url(self) -> str:
        return reverse("procurement:panel-corrections", args=[self.member.pk])
