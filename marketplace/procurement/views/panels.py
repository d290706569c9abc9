"""The committee's own pages: invitation, declaration, leader, conformity, prices, consolidation, report."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.core.money import round_half_up
from marketplace.documents.generation import latest_document
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, or_404

from ..forms.review import (
    AnswerForm,
    ConformityForm,
    DeclarationForm,
    LeaderForm,
    PriceQuestionForm,
    PriceVoteForm,
    SignForm,
)
from ..models import LotStatus, MemberKind, MemberStatus, PriceQuery
from ..permissions.review import (
    can_answer_invitation,
    can_declare,
    can_lead,
    can_review,
    can_sign_report,
    is_seated,
)
from ..rules.low_price import lines
from ..selectors.award import ranked
from ..selectors.low_price import conforming, triggered
from ..selectors.panels import answers, bidders_of, is_working, own_votes, price_queries, seats_of, steps_of
from ..selectors.review import leaf_criteria, reviewed_bids, seated, values_of
from ..selectors.score_tables import comparison, member_tables
from ..services.committee import Declaration, answer_invitation, declare
from ..services.consolidation import close_signing, consolidate, may_consolidate, sign_report
from ..services.low_price import PriceQuestion, ask_about_price, vote_price
from ..services.review import vote_conformity, vote_leader
from ..services.scoring import all_submitted

CASES = (
    _("In the last three years employed by the bidder"),
    _("In the last three years its director or supervisor"),
    _("In the last three years its controlling holder"),
    _("Spouse, relative in direct line, relative within three degrees or close in-law of its head"),
    _("Any other link that may affect fairness"),
)


class PanelListView(ActorPage):
    """One's own seats. Nothing tells who else sits."""

    template_name = "procurement/panel_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(seats_of(self.actor))
        waiting = [row for row in rows if row.status == MemberStatus.INVITED]
        return super().get_context_data(**kwargs, seats=rows, waiting=waiting)


class SeatMixin:
    """One's own seat; anybody else's is not found."""

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.member = or_404(lambda: seats_of(self.actor).get(pk=pk))  # type: ignore[attr-defined]
        self.lot = self.member.lot

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(  # type: ignore[misc]
            **kwargs, member=self.member, lot=self.lot, tender=self.lot.tender, back=self.home()
        )

    def home(self) -> str:
        return reverse("procurement:panel-detail", args=[self.member.pk])

    def get_success_url(self) -> str:
        return self.home()


class ReviewMixin(SeatMixin):
    def allowed(self) -> Decision:
        return can_review(self.actor, self.member)  # type: ignore[attr-defined]


class LeadMixin(SeatMixin):
    def allowed(self) -> Decision:
        return can_lead(self.actor, self.member)  # type: ignore[attr-defined]


class PanelDetailView(SeatMixin, ActorPage):
    """The member's work, step by step, and what is open now."""

    template_name = "procurement/panel_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not is_working(self.member):
            return context | {"is_working": False, "bidders": bidders_of(self.lot) if is_seated(self.member) else []}
        criteria = leaf_criteria(self.lot.tender)
        return context | steps_of(self.member, criteria) | self.after_submission(criteria)

    def after_submission(self, criteria: list[Any]) -> dict[str, Any]:
        """Differences and outliers are shown when every member has submitted, not before (R-EVAL-11)."""
        lot, is_open = self.lot, self.lot.status == LotStatus.REVIEW
        everyone = all_submitted(lot)
        conform = conforming(lot)
        hits = triggered(lot, conform) if lot.review.conformity_settled_at else {}
        return {
            "is_working": True,
            "is_open": is_open,
            "everyone": everyone,
            **(comparison(lot, criteria) if everyone else {}),
            "low_prices": [bid for bid in conform if bid.pk in hits or hasattr(bid, "price_query")],
            "blockers": [d for d in may_consolidate(lot, criteria) if not d]
            if self.member.is_leader and is_open
            else [],
            "may_close": self.member.is_leader and lot.status == LotStatus.CONSOLIDATED,
            "ranking": ranked(lot) if not is_open else [],
        }


class AnswerView(SeatMixin, ServiceFormView):
    template_name = "procurement/panel_answer.html"
    form_class = AnswerForm
    success_message = _("Your answer is recorded.")

    def allowed(self) -> Decision:
        return can_answer_invitation(self.actor, self.member)

    def perform(self, form: Any) -> Any:
        return answer_invitation(actor=self.actor, member_id=self.member.pk, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draw = getattr(self.lot, "draw", None)
        return super().get_context_data(**kwargs, draw=draw)


class DeclarationView(SeatMixin, ServiceFormView):
    template_name = "procurement/panel_declaration.html"
    form_class = DeclarationForm
    success_message = _("Your declaration is recorded.")

    def allowed(self) -> Decision:
        return can_declare(self.actor, self.member)

    def perform(self, form: Any) -> Any:
        return declare(actor=self.actor, member_id=self.member.pk, declaration=Declaration(**form.cleaned_data))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, bidders=bidders_of(self.lot), cases=CASES)


class PanelFormView(SeatMixin, ServiceFormView):
    """A plain page with one form."""

    template_name = "procurement/panel_form.html"
    heading: Any = ""
    lede: Any = ""
    submit: Any = ""
    rule_id = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, heading=self.heading, lede=self.lede, submit=self.submit, rule_id=self.rule_id
        )


class LeaderView(ReviewMixin, PanelFormView):
    form_class = LeaderForm
    heading = _("Elect the leader")
    lede = _("An expert leads, never a representative of the buyer. Among equals the one drawn first leads.")
    submit = _("Vote")
    rule_id = "R-COMM-04"
    success_message = _("Your vote is recorded.")

    def get_form_kwargs(self) -> dict[str, Any]:
        experts = [each for each in seated(self.lot) if each.kind == MemberKind.EXPERT]
        return {**super().get_form_kwargs(), "experts": experts}

    def perform(self, form: Any) -> Any:
        return vote_leader(actor=self.actor, member_id=self.member.pk, candidate_id=form.cleaned_data["candidate"])


class ConformityView(ReviewMixin, ServiceFormView):
    """One bid: does it meet the terms of the documents? Others' votes are not shown."""

    template_name = "procurement/panel_conformity.html"
    form_class = ConformityForm
    success_message = _("Your vote is recorded.")

    def prepare(self, pk: int, bid: int = 0, **kwargs: Any) -> None:
        super().prepare(pk)
        self.bids = list(reviewed_bids(self.lot).prefetch_related("files__file"))
        self.bid = or_404(lambda: reviewed_bids(self.lot).prefetch_related("files__file").get(pk=bid))

    def get_initial(self) -> dict[str, Any]:
        vote = own_votes(self.member).get(self.bid.pk)
        return {"conforms": vote.conforms, "reason": vote.reason} if vote else {}

    def perform(self, form: Any) -> Any:
        return vote_conformity(actor=self.actor, member_id=self.member.pk, bid_id=self.bid.pk, **form.cleaned_data)

    def get_success_url(self) -> str:
        """On to the next bid without a vote, else back."""
        voted = own_votes(self.member)
        waiting = next((bid for bid in self.bids if bid.pk not in voted), None)
        if waiting is None:
            return self.home()
        return reverse("procurement:panel-conformity", args=[self.member.pk, waiting.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        votes = own_votes(self.member)
        return super().get_context_data(
            **kwargs,
            bid=self.bid,
            position=[each.pk for each in self.bids].index(self.bid.pk) + 1,
            bids=[(each, each.pk in votes) for each in self.bids],
            texts=[(row, said.text) for row, said in self.answers() if said.text],
            files=[file for file in self.bid.files.all() if file.purpose != "evidence"],
        )

    def answers(self) -> list[tuple[Any, Any]]:
        criteria = leaf_criteria(self.lot.tender)
        said = answers(self.bid, criteria)
        return [(row, said[row.pk]) for row in criteria]


class PriceView(ReviewMixin, ActorPage):
    """Conforming prices against the three lines, questions, answers."""

    template_name = "procurement/panel_prices.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lot = self.lot
        bids, queries = conforming(lot), price_queries(lot)
        hits, now = triggered(lot, bids), clock.now()
        thresholds = values_of(lot.tender).thresholds
        rows = [
            {
                "bid": bid,
                "hits": [(hit.kind, round_half_up(hit.line, 2)) for hit in hits.get(bid.pk, [])],
                "query": queries.get(bid.pk),
                "may_vote": self.may_vote(queries.get(bid.pk), now),
            }
            for bid in bids
        ]
        drawn = lines([bid.price for bid in bids if bid.price is not None], lot.effective_ceiling, thresholds)
        return super().get_context_data(
            **kwargs,
            rows=rows,
            thresholds=thresholds,
            lines={each.kind: round_half_up(each.line, 2) for each in drawn},
            ceiling=lot.effective_ceiling,
        )

    def may_vote(self, query: Any, now: Any) -> bool:
        if query is None or query.is_justified is not None or (query.answered_at is None and now <= query.due_at):
            return False
        return all(vote.member_id != self.member.pk for vote in query.votes.all())


class PriceAskView(LeadMixin, PanelFormView):
    form_class = PriceQuestionForm
    heading = _("Ask for an explanation of the price")
    lede = _("The bidder answers in writing on an own page. A price that triggers is not invalid for that alone.")
    submit = _("Send the question")
    rule_id = "R-EVAL-17"
    success_message = _("The bidder has been asked.")

    def prepare(self, pk: int, bid: int = 0, **kwargs: Any) -> None:
        super().prepare(pk)
        self.bid = or_404(lambda: reviewed_bids(self.lot).get(pk=bid))

    def perform(self, form: Any) -> Any:
        question = PriceQuestion(**form.cleaned_data)
        return ask_about_price(actor=self.actor, member_id=self.member.pk, bid_id=self.bid.pk, question=question)

    def get_success_url(self) -> str:
        return reverse("procurement:panel-prices", args=[self.member.pk])


class PriceVoteView(ReviewMixin, PanelFormView):
    form_class = PriceVoteForm
    heading = _("Decide on the price")
    submit = _("Vote")
    rule_id = "R-EVAL-15"
    success_message = _("Your vote is recorded.")

    def prepare(self, pk: int, query: int = 0, **kwargs: Any) -> None:
        super().prepare(pk)
        self.query = or_404(
            lambda: PriceQuery.objects.select_related("bid__body", "file").get(pk=query, bid__lot=self.lot)
        )

    def perform(self, form: Any) -> Any:
        return vote_price(actor=self.actor, member_id=self.member.pk, query_id=self.query.pk, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("procurement:panel-prices", args=[self.member.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, query=self.query)


class ConsolidateView(LeadMixin, ActionView):
    success_message = _("Consolidated. The report is being made; every member signs it.")

    def perform(self) -> Any:
        return consolidate(actor=self.actor, member_id=self.member.pk)

    def allowed(self) -> Decision | bool:  # type: ignore[override]
        return is_seated(self.member) and self.member.is_leader


class ReportView(SeatMixin, ServiceFormView):
    """The report and its signature."""

    template_name = "procurement/panel_report.html"
    form_class = SignForm
    success_message = _("Signed.")

    def allowed(self) -> Decision | bool:
        return is_seated(self.member) and self.lot.status not in (LotStatus.ELIGIBILITY, LotStatus.REVIEW)

    def perform(self, form: Any) -> Any:
        return sign_report(actor=self.actor, member_id=self.member.pk, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bids = ranked(self.lot)
        criteria = leaf_criteria(self.lot.tender)
        return super().get_context_data(
            **kwargs,
            report=latest_document("review_report", self.lot),
            signatures=latest_document("review_signatures", self.lot),
            may_sign=bool(can_sign_report(self.actor, self.member)) and self.member.signed_at is None,
            ranking=bids,
            tables=member_tables(self.lot, bids, criteria),
            people=list(seated(self.lot)),
        )


class CloseSigningView(SeatMixin, ActionView):
    success_message = _("Closed: the report is with the buyer.")

    def allowed(self) -> Decision:
        return can_sign_report(self.actor, self.member)

    def perform(self) -> Any:
        return close_signing(actor=self.actor, member_id=self.member.pk)
