"""The expert register: list, import, template; and an expert's own availability."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.accounts.roles import BodyKind
from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.core.exceptions import MarketplaceError
from marketplace.web.tables import csv_response
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, add_error, or_404

from ..forms.experts import AbsenceForm, ExpertFilterForm, ImportForm
from ..models import Expert, ExpertAbsence
from ..permissions.review import can_manage_experts
from ..rules.expert_table import COLUMNS, CheckedTable, RowError, check_table
from ..services.experts import add_absence, current_register, import_experts, remove_absence, set_availability
from ..tables import read_table

PAGE_SIZE = 50


class RegisterMixin:
    def allowed(self) -> Decision:
        return can_manage_experts(self.actor)  # type: ignore[attr-defined]

    def experts(self) -> QuerySet[Expert]:
        """All for the operator, the own ones for a register."""
        actor = self.actor  # type: ignore[attr-defined]
        rows = Expert.objects.select_related("user", "register").order_by("number")
        return rows.filter(register_id=actor.body_id) if actor.body_kind == BodyKind.EXPERT_REGISTER else rows


class ExpertListView(RegisterMixin, ActorPage):
    template_name = "procurement/expert_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = ExpertFilterForm(self.request.GET or None)
        rows = filtered(self.experts(), form)
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs, filter_form=form, page=page, count=page.paginator.count)


def filtered(rows: QuerySet[Expert], form: ExpertFilterForm) -> QuerySet[Expert]:
    if not form.is_valid():
        return rows
    data = form.cleaned_data
    if data["q"]:
        words = data["q"].strip()
        rows = rows.filter(Q(number__icontains=words) | Q(user__name__icontains=words) | Q(employer__icontains=words))
    if data["field"]:
        rows = rows.filter(fields__icontains=data["field"].strip())
    return rows.filter(is_available=data["available"] == "1") if data["available"] else rows


class ExpertTemplateView(RegisterMixin, ActorPage):
    """The empty table to fill in."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return csv_response("experts-template.csv", list(COLUMNS), [])


class ExpertExportView(RegisterMixin, ActorPage):
    """The register as a table of the same columns."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        rows = (
            (e.number, e.user.name, e.user.email, e.user.phone, e.employer, e.title, e.fields, e.region)
            for e in self.experts()
        )
        return csv_response("experts.csv", list(COLUMNS), rows)


class ExpertImportView(RegisterMixin, ServiceFormView):
    """Takes the table; with any error it shows all of them with sheet, row, column and rule, and imports nothing."""

    template_name = "procurement/expert_import.html"
    form_class = ImportForm
    checked: CheckedTable | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        own = self.actor.body_id if self.actor.body_kind == BodyKind.EXPERT_REGISTER else None
        return {**super().get_form_kwargs(), "own_register": own}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            upload = form.cleaned_data["file"]
            self.checked = check_table(read_table(upload.name, upload.read()), current_register())
        except MarketplaceError as error:
            add_error(form, error)
        return self.form_invalid(form) if form.errors or self.errors() else super().form_valid(form)

    def errors(self) -> tuple[RowError, ...]:
        return self.checked.errors if self.checked else ()

    def perform(self, form: Any) -> Any:
        assert self.checked is not None
        return import_experts(actor=self.actor, rows=self.checked.rows, register_id=form.cleaned_data["register"].pk)

    def get_success_url(self) -> str:
        messages.success(
            self.request,
            _("Imported: %(created)s new, %(updated)s updated.")
            % {"created": self.result.created, "updated": self.result.updated},
        )
        return reverse("procurement:expert-list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, columns=list(COLUMNS), row_errors=self.errors())


class ExpertAvailabilityView(RegisterMixin, ActionView):
    """The register takes an expert out of future pools, or back in."""

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.expert = or_404(lambda: self.experts().get(pk=pk))

    def perform(self) -> Any:
        return set_availability(
            actor=self.actor, expert_id=self.expert.pk, is_available=self.request.POST.get("available") == "1"
        )

    def get_success_url(self) -> str:
        return reverse("procurement:expert-list")


class OwnExpertMixin:
    def prepare(self, **kwargs: Any) -> None:
        self.expert = or_404(
            lambda: Expert.objects.select_related("register").get(user_id=self.actor.user_id)  # type: ignore[attr-defined]
        )

    def get_success_url(self) -> str:
        return reverse("procurement:expert-own")


class OwnExpertView(OwnExpertMixin, ServiceFormView):
    """An expert's page: entry in the register, absences, whether invitations are welcome."""

    template_name = "procurement/expert_own.html"
    form_class = AbsenceForm
    success_message = gettext_lazy("The absence is entered.")

    def perform(self, form: Any) -> Any:
        return add_absence(actor=self.actor, expert_id=self.expert.pk, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        absences = self.expert.absences.filter(to_date__gte=clock.today()).order_by("from_date")
        return super().get_context_data(**kwargs, expert=self.expert, absences=absences)


class OwnAvailabilityView(OwnExpertMixin, ActionView):
    def perform(self) -> Any:
        wanted = self.request.POST.get("available") == "1"
        return set_availability(actor=self.actor, expert_id=self.expert.pk, is_available=wanted)


class RemoveAbsenceView(OwnExpertMixin, ActionView):
    def prepare(self, pk: int = 0, **kwargs: Any) -> None:
        super().prepare()
        self.absence = or_404(lambda: ExpertAbsence.objects.get(pk=pk, expert=self.expert))

    def perform(self) -> Any:
        return remove_absence(actor=self.actor, absence_id=self.absence.pk)
