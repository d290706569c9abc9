"""The applicant's pages: may we apply, the draft page by page, files, handing in, receipts, withdrawing."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound
from marketplace.documents.generation import latest_document
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, add_error, or_404, refusal_text
from marketplace.web.wizard import Step, StepPage, neighbours, open_points, step_row

from ..forms.application import BasicsForm, FileForm, HandInForm, RowsPage, text_page
from ..forms.blocks import asked
from ..models import Application, ApplicationStatus, BlockKind, Call
from ..permissions.application import can_apply, can_write_application
from ..rules.application import BASICS
from ..rules.eligibility import POINTS, takes_applications
from ..rules.form import Block
from ..selectors.application import (
    blocks_of,
    checks_of,
    content_of,
    eligibility_of,
    kept_files,
    own_applications,
    read_page,
    reusable,
    with_answers,
)
from ..selectors.assessment import coaching_of, improvable, mentorship_of
from ..selectors.versions import page_text, passages_of, proof_of
from ..services import application as drafts, submission

PAGE_SIZE = 30
CHECK = "check"
ROW = gettext_lazy("Row")


def steps_of(blocks: list[Block]) -> list[Step]:
    """The basics, one page for each block, the check list."""
    return [
        Step(BASICS, _("Basics"), _("What is the project, where and when?")),
        *(Step(block.key, block.title, block.title) for block in blocks),
        Step(CHECK, _("Check and hand in"), _("Is everything there?")),
    ]


class BeginView(ActorPage):
    """May we apply: the points that answer themselves, those that one declares, and the applications begun already.

    Whoever may not is told why on the page itself, also when the button was pressed all the same.
    """

    template_name = "ventures/application_begin.html"

    def prepare(self, number: str, **kwargs: Any) -> None:
        self.call = or_404(lambda: Call.objects.public().select_related("lead").get(number=number))

    def decisions(self) -> list[Decision]:
        call = self.call
        moment = takes_applications(call.status, call.opens_at, call.deadline, clock.now())
        return [can_apply(self.actor), moment, *eligibility_of(self.actor, call)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        decisions = self.decisions()
        shown = [decision for decision in decisions if not decision.allowed or decision.reason]
        return super().get_context_data(
            **kwargs,
            call=self.call,
            decisions=shown,
            may_begin=all(decision.allowed for decision in decisions),
            points=list(POINTS.values()),
            own=own_applications(self.actor, self.call),
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            application = drafts.start_application(actor=self.actor, call_id=self.call.pk)
        except NotFound:
            raise
        except MarketplaceError as error:
            messages.error(request, refusal_text(error))
            return render(request, self.template_name, self.get_context_data(**kwargs), status=422)
        return HttpResponseRedirect(reverse("ventures:application-edit", args=[application.pk, BASICS]))


class ListView(ActorPage):
    """The organization's applications, newest first."""

    template_name = "ventures/application_list.html"

    def allowed(self) -> Decision:
        return can_apply(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Application.objects.of_body(self.actor).select_related("call__assessment")
        found = found.prefetch_related("versions").annotate(is_coached=Q(improvable(clock.now())))
        page = Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("page"))
        rows = [{"application": row, "last": next(reversed(row.versions.all()), None)} for row in page.object_list]
        return super().get_context_data(**kwargs, page=page, rows=rows, now=clock.now())


class OwnMixin:
    """An application of the actor's organization; a stranger's is «not found»."""

    application: Application

    def prepare(self, pk: Any, **kwargs: Any) -> None:
        rows = with_answers(Application.objects.of_body(self.actor))  # type: ignore[attr-defined]
        self.application = or_404(lambda: rows.get(pk=pk))

    def allowed(self) -> Decision:
        return can_write_application(self.actor, self.application)  # type: ignore[attr-defined]

    def detail_url(self) -> str:
        return reverse("ventures:application-detail", args=[self.application.pk])

    def get_success_url(self) -> str:
        return self.detail_url()

    def step_url(self, key: str) -> str:
        return step_url(self.application, blocks_of(self.application), key)

    def wizard_context(self, key: str) -> dict[str, Any]:
        """What every page of the draft shows around its form."""
        blocks = blocks_of(self.application)
        steps, checks = steps_of(blocks), checks_of(self.application)
        before, after = neighbours(steps, key)
        keys = [step.key for step in steps]
        rows = [{**step_row(step, checks, (), key), "url": self.step_url(step.key)} for step in steps]
        return {
            "application": self.application,
            "call": self.application.call,
            "step": steps[keys.index(key)],
            "step_number": keys.index(key) + 1,
            "steps": rows,
            "previous": rows[keys.index(before.key)] if before else None,
            "next": rows[keys.index(after.key)] if after else None,
            "checks": checks,
            "decisions": checks.get(key, []),
            "missing": open_points(checks),
            "until": until_of(self.application),
        }


def until_of(application: Application) -> Any:
    """Until when it can be handed in."""
    if application.status == ApplicationStatus.CORRECTION:
        return application.correct_until
    coaching = coaching_of(application)
    return coaching.ends if coaching else application.call.deadline


def step_url(application: Application, blocks: list[Block], key: str) -> str:
    is_files = any(block.key == key and block.kind == BlockKind.ATTACHMENTS for block in blocks)
    if key == CHECK:
        return reverse("ventures:application-check", args=[application.pk])
    return reverse(
        "ventures:application-files" if is_files else "ventures:application-edit", args=[application.pk, key]
    )


class DetailView(OwnMixin, ActorPage):
    """Where the application stands, what is due, what was handed in, what the funder said."""

    template_name = "ventures/application_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        application = self.application
        is_writable = drafts.is_writable(application)
        versions = list(application.versions.select_related("submitted_by"))
        return super().get_context_data(
            **kwargs,
            application=application,
            call=application.call,
            versions=versions,
            is_writable=is_writable,
            has_changes=bool(versions) and is_writable.allowed and versions[-1].content != content_of(application),
            may_reopen=application.status == ApplicationStatus.WITHDRAWN,
            may_withdraw=application.status == ApplicationStatus.SUBMITTED and is_writable.allowed,
            decisions=list(application.prereviews.select_related("version")),
            until=until_of(application),
            coaching=coaching_of(application),
            mentorship=mentorship_of(application),
        )


class StepView(OwnMixin, StepPage):
    """The basics, a text, or rows."""

    template_name = "ventures/application_step.html"

    def prepare(self, pk: Any, step: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().prepare(pk)
        self.key = step
        self.block = drafts.block_of(self.application, step)
        if self.block is not None and self.block.kind == BlockKind.ATTACHMENTS:
            raise NotFound("")

    def reload(self) -> None:
        super().prepare(self.application.pk)

    def is_draft(self) -> bool:
        return drafts.is_writable(self.application).allowed

    def version(self) -> int:
        return self.application.version

    def next_url(self) -> str:
        after = self.wizard_context(self.key)["next"]
        return self.step_url(self.key if "stay" in self.request.POST or after is None else after["key"])

    def form(self, data: Any = None) -> Any:
        initial = {**read_page(self.application, self.block).fields, "version": self.application.version}
        if self.block is None:
            return BasicsForm(data, initial=initial, themes=list(self.application.call.themes.all()))
        made = text_page(self.block) if self.block.kind == BlockKind.TEXT else RowsPage
        return made(data, initial=initial)

    def rows(self, data: Any = None) -> Any:
        if self.block is None or self.block.kind == BlockKind.TEXT:
            return None
        stored = read_page(self.application, self.block).rows
        return asked(self.block, list(self.application.call.pots.all()), data=data, initial=stored).rows

    def save(self, form: Any, rows: Any) -> None:
        drafts.save_page(
            actor=self.actor,
            application_id=self.application.pk,
            key=self.key,
            version=form.cleaned_data["version"],
            fields=form.values(),
            rows=rows.rows() if rows is not None else (),
        )

    def context(self) -> dict[str, Any]:
        return {**self.wizard_context(self.key), "asked_block": self.block, "noun": ROW}

    def page(self, form: Any, rows: Any, **more: Any) -> dict[str, Any]:
        context = super().page(form, rows, **more)
        if self.block is None and self.application.copied_from_id is None:
            context["reusable"] = reusable(self.actor, self.application)
        return context

    def theirs(self) -> dict[str, Any]:
        last = self.application.steps.select_related("saved_by").filter(key=self.key).first()
        return {"theirs": page_text(content_of(self.application), self.key), "last": last}


class FilesView(OwnMixin, ServiceFormView):
    """Attachments: one file at a time; what is taken out can be put back."""

    template_name = "ventures/application_files.html"
    form_class = FileForm
    success_message = gettext_lazy("The file is in.")

    def prepare(self, pk: Any, step: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().prepare(pk)
        self.key = step
        self.block = drafts.block_of(self.application, step)
        if self.block is None or self.block.kind != BlockKind.ATTACHMENTS:
            raise NotFound("")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not drafts.is_writable(self.application).allowed:
            return HttpResponseRedirect(self.detail_url())
        return super().get(request, *args, **kwargs)

    def perform(self, form: Any) -> Any:
        return drafts.add_file(
            actor=self.actor,
            application_id=self.application.pk,
            key=self.key,
            title=form.cleaned_data["title"],
            upload=form.cleaned_data["file"],
        )

    def get_success_url(self) -> str:
        return self.step_url(self.key)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        gone = self.application.files.filter(block=self.key).exclude(removed_at=None).select_related("file")
        return super().get_context_data(
            **kwargs,
            **self.wizard_context(self.key),
            asked_block=self.block,
            files=[row for row in kept_files(self.application) if row.block == self.key],
            removed=list(gone),
        )


class FileAction(OwnMixin, ActionView):
    """A button beside a file."""

    def get_success_url(self) -> str:
        row = self.application.files.filter(pk=self.kwargs["file"]).first()
        return self.step_url(row.block) if row else self.detail_url()


class RemoveFileView(FileAction):
    success_message = gettext_lazy("Taken out of the draft. What was handed in keeps it.")

    def perform(self) -> Any:
        return drafts.remove_file(actor=self.actor, application_id=self.application.pk, file_id=self.kwargs["file"])


class RestoreFileView(FileAction):
    success_message = gettext_lazy("Put back.")

    def perform(self) -> Any:
        return drafts.restore_file(actor=self.actor, application_id=self.application.pk, file_id=self.kwargs["file"])


class ReuseView(OwnMixin, ActionView):
    """Takes the answers of an earlier application over, where this one is still empty."""

    success_message = gettext_lazy("Answers of the same questions are taken over; look at each page.")

    def perform(self) -> Any:
        source = or_404(lambda: Application.objects.of_body(self.actor).get(pk=self.kwargs["source"]))
        return drafts.reuse_application(actor=self.actor, application_id=self.application.pk, source_id=source.pk)

    def get_success_url(self) -> str:
        return self.step_url(BASICS)


class CheckView(OwnMixin, ActorPage):
    """The whole check list, everything as it will be read, and the button that hands in."""

    template_name = "ventures/application_check.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not drafts.is_writable(self.application).allowed:
            return HttpResponseRedirect(self.detail_url())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        received_at = clock.now()  # the request has been read whole
        form = HandInForm(request.POST)
        form.is_valid()
        try:
            version = submission.submit_application(
                actor=self.actor,
                application_id=self.application.pk,
                received_at=received_at,
                declares=form.cleaned_data["declares"],
                version=form.cleaned_data.get("version"),
            )
        except (NotAllowed, NotFound):
            raise
        except MarketplaceError as error:
            add_error(form, error)
            super().prepare(self.application.pk)
            form.data = {**request.POST.dict(), "version": self.application.version}
            return render(request, self.template_name, self.get_context_data(form=form), status=422)
        messages.success(request, _("Handed in. The receipt is on this page."))
        url = reverse("ventures:application-receipt", args=[self.application.pk, version.receipt_number])
        return HttpResponseRedirect(url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = self.wizard_context(CHECK)
        pages = [row | {"decisions": context["checks"][row["key"]]} for row in context["steps"] if row["key"] != CHECK]
        kwargs.setdefault("form", HandInForm(initial={"version": self.application.version}))
        return super().get_context_data(**context, pages=pages, points=list(POINTS.values()), **kwargs)


class WithdrawView(OwnMixin, ActorPage):
    """Asks once, then withdraws."""

    template_name = "ventures/application_withdraw.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, application=self.application, call=self.application.call)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        received_at = clock.now()
        try:
            submission.withdraw_application(
                actor=self.actor, application_id=self.application.pk, received_at=received_at
            )
        except (NotAllowed, NotFound):
            raise
        except MarketplaceError as error:
            messages.error(request, refusal_text(error))
        else:
            messages.success(request, _("Withdrawn. It is not counted; you may write on until the deadline."))
        return HttpResponseRedirect(self.detail_url())


class ReopenView(OwnMixin, ActionView):
    success_message = gettext_lazy("It is a draft again. Hand it in before the deadline.")

    def perform(self) -> Any:
        return submission.reopen_application(actor=self.actor, application_id=self.application.pk)


class ReceiptView(OwnMixin, ActorPage):
    """One version: receipt, hash, its PDFs, everything that was handed in."""

    template_name = "ventures/application_receipt.html"

    def prepare(self, pk: Any, receipt: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().prepare(pk)
        versions = self.application.versions.select_related("submitted_by")
        self.version = or_404(lambda: versions.get(receipt_number=receipt))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            application=self.application,
            call=self.application.call,
            version=self.version,
            is_last=self.version.number == self.application.versions.count(),
            passages=passages_of(self.version.content),
            receipt_file=latest_document("application_receipt", self.version),
            own_copy=latest_document("application_copy", self.version),
            proof=proof_of(self.version),
            is_writable=drafts.is_writable(self.application),
        )


class ProofView(ReceiptView):
    """The inclusion proof of the version's entry, as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        proof = proof_of(self.version)
        if proof is None:
            raise Http404
        text = json.dumps(proof, ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="{self.version.receipt_number}.proof.json"'
        return response
