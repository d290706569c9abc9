"""The tender wizard: a page a question; how a page saves and what a stale save shows stands in `web.wizard`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.core.decisions import Decision
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, StaleVersion
from marketplace.core.workcalendar import calendar
from marketplace.documents.services import store_upload
from marketplace.web.views import ActionView, ActorPage, add_error, or_404
from marketplace.web.wizard import STATE, StepPage, is_warning, neighbours, open_points, step_row

from ..forms import tender as forms
from ..models import Tender, TenderStatus
from ..permissions.tender import can_prepare_tender
from ..rules.timetable import propose
from ..selectors.content import attachments_and_removed, content_of, criteria_tree
from ..selectors.custodians import is_proved, keys_in_use
from ..selectors.tender import checks_of, guards_of, issue_day, possible_agencies, rules_of, with_pages
from ..services import custodians, draft
from ..wizard import BY_KEY, STEPS

UPLOADS = ("pdf", "docx", "xlsx", "jpg", "png")


class DraftMixin:
    """Looks the tender up; only those who may write it, and only while it is a draft."""

    tender: Tender

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Tender.objects.visible_to(self.actor).select_related(  # type: ignore[attr-defined]
            "item__purchase_list", "item__budget_line__fund", "buyer", "agency", "agency_mandate"
        )
        self.tender = or_404(lambda: with_pages(rows).get(pk=pk))

    def allowed(self) -> Decision:
        return can_prepare_tender(self.actor, self.tender)  # type: ignore[attr-defined]

    def is_draft(self) -> bool:
        return self.tender.status == TenderStatus.DRAFT

    def step_url(self, key: str) -> str:
        return reverse("procurement:tender-edit", args=[self.tender.pk, key])

    def wizard_context(self, key: str) -> dict[str, Any]:
        """What every page of the wizard shows around its form."""
        checks = checks_of(self.tender)
        reasons = {row.rule_id: row for row in self.tender.reasons.all()}
        before, after = neighbours(STEPS, key)
        return {
            "tender": self.tender,
            "step": BY_KEY[key],
            "step_number": list(BY_KEY).index(key) + 1,
            "steps": [step_row(step, checks, set(reasons), key) for step in STEPS],
            "previous": before,
            "next": after,
            "checks": checks,
            "decisions": checks.get(key, []),
            "missing": open_points(checks, reasons),
            "reasons": reasons,
            "warnings": [_warning(d, reasons) for d in checks.get(key, []) if is_warning(d)],
        }


def _warning(decision: Decision, reasons: dict[str, Any]) -> dict[str, Any]:
    given = reasons.get(decision.rule_id)
    form = forms.WarningForm(
        initial={
            "rule_id": decision.rule_id,
            "reason": given.reason if given else "",
            "version": given.version if given else 0,
        },
        auto_id=f"id_{decision.rule_id}_%s",
    )
    return {"decision": decision, "given": given, "form": form}


class StepView(DraftMixin, StepPage):
    """The pages that are a form, with or without rows."""

    template_name = "procurement/tender_step.html"

    def handle_no_permission(self) -> HttpResponse:  # type: ignore[override]
        """While typing, the sign-in page has no place in the form: the state line says what to do.

        «Save» then posts the whole form, which is kept and comes back filled after signing in.
        """
        if self.request.htmx:  # type: ignore[attr-defined]
            return render(self.request, STATE, {"signed_out": True})
        return super().handle_no_permission()

    def prepare(self, pk: int, step: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().prepare(pk)
        self.step = BY_KEY.get(step)
        if self.step is None or self.step.form is None:
            raise NotFound("")
        self.key = step

    def reload(self) -> None:
        super().prepare(self.tender.pk)

    def version(self) -> int:
        return self.tender.version

    def detail_url(self) -> str:
        return reverse("procurement:tender-detail", args=[self.tender.pk])

    def next_url(self) -> str:
        following = neighbours(STEPS, self.key)[1]
        return self.step_url(self.key if "stay" in self.request.POST or following is None else following.key)

    def form(self, data: Any = None) -> Any:
        initial = {**draft.read_step(self.tender, self.key).fields, "version": self.tender.version}
        more = {"agencies": possible_agencies()} if self.key == "contacts" else {}
        return self.step.form(data, initial=initial, **more)  # type: ignore[union-attr,misc]

    def rows(self, data: Any = None) -> Any:
        if self.step.rows is None:  # type: ignore[union-attr]
            return None
        stored = draft.read_step(self.tender, self.key).rows
        if self.key == "milestones" and not stored and data is None:
            stored = draft.proposed_milestones(self.tender)
        return self.step.rows(data, initial=stored, prefix="rows")  # type: ignore[union-attr]

    def save(self, form: Any, rows: Any) -> None:
        self.tender = draft.save_step(
            actor=self.actor,
            tender_id=self.tender.pk,
            key=self.key,
            version=form.cleaned_data["version"],
            fields=form.values(),
            rows=rows.rows() if rows is not None else (),
            confirmed=form.cleaned_data.get("confirmed", False),
        )

    def context(self) -> dict[str, Any]:
        return self.wizard_context(self.key)

    def page(self, form: Any, rows: Any, **more: Any) -> dict[str, Any]:
        context = super().page(form, rows, **more)
        if self.key == "timetable":
            context["offer"] = self.offer()
        if self.key == "documents":
            standing, removed = attachments_and_removed(self.tender)
            context.update(upload=forms.UploadForm(), attachments=standing, removed=removed)
        if self.key == "contacts":
            context["mandate"] = forms.MandateForm()
        return context

    def offer(self) -> Any:
        day = issue_day(self.tender)
        return propose(day, rules_of(self.tender, day), calendar())

    def theirs(self) -> dict[str, Any]:
        last = self.tender.steps.select_related("saved_by").filter(key=self.key).first()
        return {"theirs": content_of(self.tender)[self.key], "last": last}


class CriteriaView(DraftMixin, ActorPage):
    """The tree as a table with its sums."""

    template_name = "procurement/tender_criteria.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = criteria_tree(self.tender)
        return super().get_context_data(
            **kwargs, **self.wizard_context("criteria"), rows=rows, total=sum(row.points for row in rows)
        )


class CriterionView(DraftMixin, ActorPage):
    """One criterion with its ranges."""

    template_name = "procurement/tender_criterion.html"
    criterion: Any = None

    def prepare(self, pk: int, criterion: int | None = None, **kwargs: Any) -> None:
        super().prepare(pk)
        if criterion is not None:
            scored = self.tender.criteria.exclude(kind="price").filter(children=None)
            self.criterion = or_404(lambda: scored.select_related("parent").get(pk=criterion))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render(request, self.template_name, self.page(self.form(), self.ranges()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, ranges = self.form(request.POST), self.ranges(request.POST)
        if not (form.is_valid() & ranges.is_valid()):
            return render(request, self.template_name, self.page(form, ranges), status=422)
        try:
            row = self.save(form, ranges)
        except StaleVersion as stale:
            form.data = form.data.copy()
            form.data["version"] = Tender.objects.only("version").get(pk=self.tender.pk).version
            return render(request, self.template_name, self.page(form, ranges, theirs=stale.current), status=422)
        except (NotAllowed, NotFound):
            raise
        except MarketplaceError as error:
            add_error(form, error)
            return render(request, self.template_name, self.page(form, ranges), status=422)
        messages.success(request, _("Saved: %(name)s") % {"name": row.title})
        return HttpResponseRedirect(self.where_to(request, row))

    def where_to(self, request: HttpRequest, row: Any) -> str:
        if "stay" in request.POST:
            return reverse("procurement:criterion-change", args=[self.tender.pk, row.pk])
        return self.step_url("criteria")

    def save(self, form: Any, ranges: Any) -> Any:
        data = form.cleaned_data
        return draft.save_criterion(
            actor=self.actor,
            tender_id=self.tender.pk,
            version=data["version"],
            criterion_id=self.criterion.pk if self.criterion else None,
            criterion=draft.CriterionInput(
                group=data["group"].strip(),
                title=data["title"].strip(),
                kind=data["kind"],
                points=data["points"],
                description=data["description"].strip(),
                ranges=tuple((row["text"].strip(), row["points"]) for row in ranges.rows()),
            ),
        )

    def form(self, data: Any = None) -> Any:
        initial: dict[str, Any] = {"version": self.tender.version}
        if self.criterion:
            stored = draft.criterion_input(self.criterion)
            initial |= {name: getattr(stored, name) for name in ("group", "title", "kind", "points", "description")}
        return forms.CriterionForm(data, initial=initial)

    def ranges(self, data: Any = None) -> Any:
        stored = draft.criterion_input(self.criterion).ranges if self.criterion else ()
        initial = [{"text": text, "points": points} for text, points in stored]
        return forms.RangeRows(data, initial=initial, prefix="rows")

    def page(self, form: Any, ranges: Any, **more: Any) -> dict[str, Any]:
        groups = {row.parent.title for row in self.tender.criteria.all() if row.parent}
        return self.get_context_data(
            **self.wizard_context("criteria"),
            form=form,
            rows=ranges,
            criterion=self.criterion,
            groups=sorted(groups),
            **more,
        )


class RemoveCriterionView(DraftMixin, ActionView):
    success_message = gettext_lazy("The criterion is taken out.")

    def perform(self) -> Any:
        draft.remove_criterion(actor=self.actor, tender_id=self.tender.pk, criterion_id=self.kwargs["criterion"])

    def get_success_url(self) -> str:
        return self.step_url("criteria")


class CustodiansView(DraftMixin, ActorPage):
    """Choosing who guards the bids, among custodians whose keys are proved."""

    template_name = "procurement/tender_custodians.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render(request, self.template_name, self.page(self.form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                custodians.name_custodians(
                    actor=self.actor,
                    tender_id=self.tender.pk,
                    key_ids=form.cleaned_data["keys"],
                    version=form.cleaned_data["version"],
                )
            except (NotAllowed, NotFound):
                raise
            except StaleVersion as stale:
                return self.both_choices(form, stale)
            except MarketplaceError as error:
                add_error(form, error)
            else:
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(self.step_url("contacts"))
        return render(request, self.template_name, self.page(form), status=422)

    def form(self, data: Any = None) -> Any:
        proved = [key for key in keys_in_use() if is_proved(key) and key.current_appointments]  # type: ignore[attr-defined]
        choices = [(key.pk, f"{key.user} · {key.body.name}") for key in proved]
        named = [key.pk for key in guards_of(self.tender)]
        return forms.CustodiansForm(data, choices=choices, initial={"keys": named, "version": self.tender.version})

    def both_choices(self, form: Any, stale: StaleVersion) -> HttpResponse:
        """Theirs in words, mine still ticked. Saving once more replaces theirs."""
        self.prepare(self.tender.pk)
        form.data = form.data.copy()
        form.data["version"] = self.tender.version
        theirs = [(key.body.name, str(key.user)) for key in stale.current]  # type: ignore[attr-defined]
        last = self.tender.steps.select_related("saved_by").filter(key="custodians").first()
        return render(self.request, self.template_name, self.page(form, theirs=theirs, last=last), status=422)

    def page(self, form: Any, **more: Any) -> dict[str, Any]:
        return self.get_context_data(**self.wizard_context("custodians"), form=form, **more)


class CheckView(DraftMixin, ActorPage):
    """The whole check list, the preview, and the button that submits."""

    template_name = "procurement/tender_check.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = self.wizard_context("check")
        checks = context["checks"]
        pages = [{"step": step, "decisions": checks[step.key]} for step in STEPS if step.key in checks]
        warnings = [_warning(d, context["reasons"]) for rows in checks.values() for d in rows if is_warning(d)]
        unique = {warning["decision"].rule_id: warning for warning in warnings}
        return super().get_context_data(**kwargs, **{**context, "warnings": list(unique.values())}, pages=pages)


class ReasonView(DraftMixin, ActionView):
    """Writes why a warning is passed. What is refused comes back on a page of its own, filled as it was."""

    template_name = "procurement/tender_reason.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form: Any = forms.WarningForm(request.POST)
        theirs: Any = None
        if form.is_valid():
            try:
                self.give(form.cleaned_data)
            except (NotAllowed, NotFound):
                raise
            except StaleVersion as stale:
                theirs = stale.current
                form.data = form.data.copy()
                form.data["version"] = theirs.version
            except MarketplaceError as error:
                add_error(form, error)
            else:
                messages.success(request, _("The reason is noted; the second officer will read it."))
                return HttpResponseRedirect(self.step_url(self.step_key()))
        return render(request, self.template_name, self.page(form, theirs), status=422)

    def give(self, data: dict[str, Any]) -> None:
        draft.give_reason(
            actor=self.actor,
            tender_id=self.tender.pk,
            rule_id=data["rule_id"],
            reason=data["reason"],
            version=data["version"] or 0,
        )

    def step_key(self) -> str:
        key = self.request.POST.get("step", "check")
        return key if key in BY_KEY else "check"

    def page(self, form: Any, theirs: Any) -> dict[str, Any]:
        checks = checks_of(self.tender)
        asked = [d for rows in checks.values() for d in rows if is_warning(d) and d.rule_id == form["rule_id"].value()]
        return {
            "tender": self.tender,
            "step": BY_KEY[self.step_key()],
            "form": form,
            "decision": asked[0] if asked else None,
            "theirs": [(theirs.rule_id, theirs.reason)] if theirs else None,
            "last": {"saved_by": theirs.given_by, "saved_at": theirs.given_at} if theirs else None,
            "back": self.step_url(self.step_key()),
        }


class UploadView(DraftMixin, ActionView):
    """Takes an attachment in, checked by its content."""

    success_message = gettext_lazy("The file is part of the documents.")

    def perform(self) -> Any:
        form = forms.UploadForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            raise MarketplaceError(" ".join(str(error[0]) for error in form.errors.values()))
        file = store_upload(form.cleaned_data["file"], actor=self.actor, kinds=UPLOADS)
        return draft.add_attachment(
            actor=self.actor, tender_id=self.tender.pk, title=form.cleaned_data["title"], file=file
        )

    def get_success_url(self) -> str:
        return self.step_url("documents")


class RemoveAttachmentView(DraftMixin, ActionView):
    success_message = gettext_lazy("The file is taken out. You can put it back until the documents are published.")
    service = staticmethod(draft.remove_attachment)

    def perform(self) -> Any:
        return self.service(
            actor=self.actor,
            tender_id=self.tender.pk,
            document_id=self.kwargs["document"],
            version=whole_number(self.request.POST.get("version")),
        )

    def get_success_url(self) -> str:
        return self.step_url("documents")


class PutAttachmentBackView(RemoveAttachmentView):
    success_message = gettext_lazy("The file is part of the documents again.")
    service = staticmethod(draft.put_attachment_back)


def whole_number(text: Any) -> int:
    """A version as a button carries it; anything else is older than all."""
    return int(text) if str(text or "").isdecimal() else 0


class MandateView(DraftMixin, ActionView):
    success_message = gettext_lazy("The mandate is attached.")

    def perform(self) -> Any:
        form = forms.MandateForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            raise MarketplaceError(" ".join(str(error[0]) for error in form.errors.values()))
        file = store_upload(form.cleaned_data["file"], actor=self.actor, kinds=("pdf",))
        return draft.attach_mandate(actor=self.actor, tender_id=self.tender.pk, file=file)

    def get_success_url(self) -> str:
        return self.step_url("contacts")
