"""Lists of the year in the workspace: draw up, submit, check, publish; intentions beside the items."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.core.exceptions import Refused, StaleVersion
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, or_404

from .. import directory
from ..forms import FilingForm, ItemForm, OpenListForm, ReasonForm
from ..models import Intention, IntentionStatus, ListedItem, ListStatus, PurchaseList
from ..permissions import can_decide_intention, can_decide_list, can_edit_list, can_plan, can_view_lists
from ..selectors import line_balances, lists_of
from ..services import intentions, lists


class ListListView(ServiceFormView):
    """All lists of the body, and the button that opens a year's."""

    template_name = "planning/list_list.html"
    form_class = OpenListForm

    def allowed(self) -> Decision:
        return can_view_lists(self.actor)

    def get_initial(self) -> dict[str, Any]:
        return {"year": clock.today().year}

    def perform(self, form: Any) -> Any:
        return lists.open_list(actor=self.actor, year=form.cleaned_data["year"])

    def get_success_url(self) -> str:
        return reverse("planning:list-detail", args=[self.result.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(lists_of(self.actor))
        return super().get_context_data(**kwargs, lists=rows, may_plan=can_plan(self.actor).allowed)


class ListMixin:
    """Looks a list up among those the actor may see."""

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.list = or_404(lambda: PurchaseList.objects.visible_to(self.actor).select_related("body").get(pk=pk))  # type: ignore[attr-defined]

    def get_success_url(self) -> str:
        return reverse("planning:list-detail", args=[self.list.pk])


class ListDetailView(ListMixin, ActorPage):
    template_name = "planning/list_detail.html"

    def allowed(self) -> Decision:
        return can_view_lists(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        items = list(
            self.list.items.filter(withdrawn_at=None)
            .select_related("budget_line__fund", "intention__snapshot")
            .prefetch_related("tenders")
            .order_by("pk")
        )
        for item in items:
            item.kept_tenders = [tender for tender in item.tenders.all() if tender.status != "discarded"]
            item.under_way = any(tender.status != "terminated" for tender in item.kept_tenders)
        may_edit = can_edit_list(self.actor, self.list).allowed
        return super().get_context_data(
            **kwargs,
            list=self.list,
            items=items,
            total=sum(item.amount for item in items),
            waiting=[item for item in items if item.published_at is None],
            may_edit=may_edit and self.list.status != ListStatus.SUBMITTED and self.list.year >= clock.today().year,
            may_submit=may_edit and self.list.status == ListStatus.DRAFT,
            may_start=may_edit,
            decide=can_decide_list(self.actor, self.list),
            is_waiting=self.list.status == ListStatus.SUBMITTED,
            reason_form=ReasonForm(),
            balances=line_balances(self.list.body_id),
        )


class ItemFormView(ListMixin, ServiceFormView):
    """Adds an item to a list, or changes one that is not published yet."""

    template_name = "planning/item_form.html"
    form_class = ItemForm
    item: ListedItem | None = None
    theirs: ListedItem | None = None

    def prepare(self, pk: int, item: int | None = None, **kwargs: Any) -> None:
        super().prepare(pk=pk)
        if item is not None:
            self.item = or_404(lambda: self.list.items.filter(withdrawn_at=None).get(pk=item))

    def allowed(self) -> Decision:
        return can_edit_list(self.actor, self.list)

    def get_initial(self) -> dict[str, Any]:
        return ItemForm.initial_of(self.item) if self.item else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "body_id": self.list.body_id}

    def perform(self, form: Any) -> Any:
        try:
            return self.save(form)
        except Refused as error:
            if error.field == "amount" and not error.rule_id:  # a doubt, no rule: it may be confirmed
                form.ask_to_confirm()
            raise

    def save(self, form: Any) -> Any:
        confirmed = form.cleaned_data["confirmed"]
        if self.item is None:
            return lists.add_item(actor=self.actor, list_id=self.list.pk, item=form.item(), confirmed=confirmed)
        try:
            return lists.change_item(
                actor=self.actor,
                item_id=self.item.pk,
                version=form.cleaned_data["version"],
                item=form.item(),
                confirmed=confirmed,
            )
        except StaleVersion as stale:
            self.theirs = stale.current  # type: ignore[assignment]
            form.data = form.data.copy()
            form.data["version"] = stale.current.version  # type: ignore[attr-defined]  # saving again is then a decision
            raise

    def get_success_url(self) -> str:
        messages.success(self.request, _("Saved: %(name)s") % {"name": self.result.name})
        return super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            list=self.list,
            item=self.item,
            theirs=self.theirs,
            directory_source=directory.source(),
            balances=line_balances(self.list.body_id),
        )


class WithdrawItemView(ListMixin, ActionView):
    success_message = gettext_lazy("The item is off the list.")

    def perform(self) -> Any:
        item = or_404(lambda: self.list.items.get(pk=self.kwargs["item"]))
        return lists.withdraw_item(actor=self.actor, item_id=item.pk)


class FilePlanView(ListMixin, ServiceFormView):
    """The filing number of the plan, on an item that is published already."""

    template_name = "planning/item_filing.html"
    form_class = FilingForm
    success_message = gettext_lazy("The plan filing number is noted.")

    def prepare(self, pk: int, item: int, **kwargs: Any) -> None:  # type: ignore[override]
        super().prepare(pk=pk)
        self.item = or_404(lambda: self.list.items.filter(withdrawn_at=None).get(pk=item))

    def allowed(self) -> Decision:
        return can_edit_list(self.actor, self.list)

    def get_initial(self) -> dict[str, Any]:
        return {"plan_filing_number": self.item.plan_filing_number}

    def perform(self, form: Any) -> Any:
        return lists.file_plan(actor=self.actor, item_id=self.item.pk, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, list=self.list, item=self.item)


class SubmitListView(ListMixin, ActionView):
    success_message = gettext_lazy("The list waits for the second officer.")

    def perform(self) -> Any:
        return lists.submit_list(actor=self.actor, list_id=self.list.pk)


class PublishListView(ListMixin, ActionView):
    success_message = gettext_lazy("The list is published.")

    def perform(self) -> Any:
        return lists.publish_list(actor=self.actor, list_id=self.list.pk)


class ReturnListView(ListMixin, ActionView):
    success_message = gettext_lazy("The list is back with the officer.")

    def perform(self) -> Any:
        return lists.return_list(actor=self.actor, list_id=self.list.pk, reason=self.request.POST.get("reason", ""))


class ProposeIntentionView(ListMixin, ActionView):
    success_message = gettext_lazy("The intention waits for the second officer.")

    def perform(self) -> Any:
        item = or_404(lambda: self.list.items.get(pk=self.kwargs["item"]))
        return intentions.propose_intention(actor=self.actor, item_id=item.pk)


class IntentionMixin:
    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Intention.objects.visible_to(self.actor).select_related(  # type: ignore[attr-defined]
            "item__purchase_list__body", "item__budget_line__fund", "snapshot", "submitted_by"
        )
        self.intention = or_404(lambda: rows.get(pk=pk))

    def get_success_url(self) -> str:
        return reverse("planning:intention-detail", args=[self.intention.pk])


class IntentionDetailView(IntentionMixin, ActorPage):
    """What the notice will say, and the second officer's two buttons."""

    template_name = "planning/intention_detail.html"

    def allowed(self) -> Decision:
        return can_view_lists(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            intention=self.intention,
            item=self.intention.item,
            data=intentions.intention_data(self.intention),
            is_waiting=self.intention.status == IntentionStatus.SUBMITTED,
            decide=can_decide_intention(self.actor, self.intention),
            reason_form=ReasonForm(),
        )


class PublishIntentionView(IntentionMixin, ActionView):
    success_message = gettext_lazy("The intention notice is published.")

    def perform(self) -> Any:
        return intentions.publish_intention(actor=self.actor, intention_id=self.intention.pk)


class ReturnIntentionView(IntentionMixin, ActionView):
    success_message = gettext_lazy("The intention is back with the officer.")

    def perform(self) -> Any:
        reason = self.request.POST.get("reason", "")
        return intentions.return_intention(actor=self.actor, intention_id=self.intention.pk, reason=reason)
