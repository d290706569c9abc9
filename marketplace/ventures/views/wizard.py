"""The call wizard: a page a question; how a page saves and what a stale save shows stands in `web.wizard`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.core.exceptions import CalendarMissing, MarketplaceError, NotAllowed, NotFound, StaleVersion
from marketplace.core.workcalendar import calendar
from marketplace.web.views import ActionView, ActorPage, add_error, or_404
from marketplace.web.wizard import StepPage, neighbours, open_points, step_row

from ..forms.blocks import asked
from ..forms.composer import AddBlockForm, BlockForm, initial_of
from ..models import Call, CallStatus
from ..permissions.call import can_prepare_call
from ..rules.timetable import propose
from ..selectors.call import (
    block_of,
    bodies_to_choose,
    checks_of,
    draft_blocks,
    lines_to_choose,
    rules_of,
    with_pages,
)
from ..selectors.content import content_of
from ..services import draft, form as composer
from ..wizard import BY_KEY, STEPS


class DraftMixin:
    """Looks the call up; only those who may write it, and only while it is a draft."""

    call: Call

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Call.objects.visible_to(self.actor)  # type: ignore[attr-defined]
        self.call = or_404(lambda: with_pages(rows).get(pk=pk))

    def allowed(self) -> Decision:
        return can_prepare_call(self.actor, self.call)  # type: ignore[attr-defined]

    def is_draft(self) -> bool:
        return self.call.status == CallStatus.DRAFT

    def step_url(self, key: str) -> str:
        return reverse("ventures:call-edit", args=[self.call.pk, key])

    def wizard_context(self, key: str) -> dict[str, Any]:
        """What every page of the wizard shows around its form."""
        checks = checks_of(self.call)
        before, after = neighbours(STEPS, key)
        return {
            "call": self.call,
            "step": BY_KEY[key],
            "step_number": list(BY_KEY).index(key) + 1,
            "steps": [step_row(step, checks, (), key) for step in STEPS],
            "previous": before,
            "next": after,
            "checks": checks,
            "decisions": checks.get(key, []),
            "missing": open_points(checks),
        }


class StepView(DraftMixin, StepPage):
    """The pages that are a form, with or without rows."""

    template_name = "ventures/call_step.html"

    def prepare(self, pk: int, step: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().prepare(pk)
        self.step = BY_KEY.get(step)
        if self.step is None or self.step.form is None:
            raise NotFound("")
        self.key = step

    def reload(self) -> None:
        super().prepare(self.call.pk)

    def version(self) -> int:
        return self.call.version

    def detail_url(self) -> str:
        return reverse("ventures:call-detail", args=[self.call.pk])

    def next_url(self) -> str:
        following = neighbours(STEPS, self.key)[1]
        return self.step_url(self.key if "stay" in self.request.POST or following is None else following.key)

    def form(self, data: Any = None) -> Any:
        initial = {**draft.read_step(self.call, self.key).fields, "version": self.call.version}
        return self.step.form(data, initial=initial)  # type: ignore[union-attr,misc]

    def rows(self, data: Any = None) -> Any:
        if self.step.rows is None:  # type: ignore[union-attr]
            return None
        stored = draft.read_step(self.call, self.key).rows
        choices = self.row_choices()
        return self.step.rows(data, initial=stored, prefix="rows", form_kwargs=choices)  # type: ignore[union-attr]

    def row_choices(self) -> dict[str, Any]:
        if self.key == "funders":
            return {"bodies": [(body.pk, body.name) for body in bodies_to_choose(self.call)]}
        if self.key == "pots":
            lines = [
                (
                    line.pk,
                    _("%(body)s · %(line)s · %(left)s yuan left")
                    % {"body": line.fund.body.name, "line": line, "left": f"{facts.room:,.2f}"},
                )
                for line, facts in lines_to_choose(self.call)
            ]
            return {"lines": lines, "themes": [(row.pk, row.title) for row in self.call.themes.all()]}
        return {}

    def save(self, form: Any, rows: Any) -> None:
        self.call = draft.save_step(
            actor=self.actor,
            call_id=self.call.pk,
            key=self.key,
            version=form.cleaned_data["version"],
            fields=form.values(),
            rows=rows.rows() if rows is not None else (),
        )

    def context(self) -> dict[str, Any]:
        return self.wizard_context(self.key)

    def page(self, form: Any, rows: Any, **more: Any) -> dict[str, Any]:
        context = super().page(form, rows, **more)
        if self.key == "timetable":
            context.update(self.offer())
        return context

    def offer(self) -> dict[str, Any]:
        """What the rules propose from today; a year without a table is named, not guessed (R-TIME-08)."""
        rules = rules_of(self.call, clock.today())
        try:
            return {"offer": propose(clock.today(), self.call.correction_days, rules, calendar())}
        except CalendarMissing as missing:
            return {"offer_missing": missing.message}

    def theirs(self) -> dict[str, Any]:
        last = self.call.steps.select_related("saved_by").filter(key=self.key).first()
        return {"theirs": content_of(self.call)[self.key], "last": last}


class ComposerView(DraftMixin, ActorPage):
    """The form's blocks in order, with what can be done to each; works without JavaScript."""

    template_name = "ventures/call_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = self.wizard_context("form")
        return super().get_context_data(
            **kwargs, **context, blocks=list(self.call.blocks.all()), add_form=AddBlockForm()
        )


class PreviewView(DraftMixin, ActorPage):
    """The form exactly as applicants will fill it in."""

    template_name = "ventures/call_preview.html"

    def allowed(self) -> bool:  # type: ignore[override]
        return True  # whoever sees the call may see what will be asked

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pots = list(self.call.pots.all())
        asked_blocks = [asked(block, pots) for block in draft_blocks(self.call)]
        return super().get_context_data(**kwargs, call=self.call, asked=asked_blocks)


class BlockView(DraftMixin, ActorPage):
    """One block: title, help, limits, columns."""

    template_name = "ventures/call_block.html"

    def prepare(self, pk: int, key: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().prepare(pk)
        rows = {row.key: row for row in self.call.blocks.all()}
        if key not in rows:
            raise NotFound("")
        self.row = rows[key]
        self.block = block_of(self.row)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render(request, self.template_name, self.page(self.form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return render(request, self.template_name, self.page(form), status=422)
        try:
            row = composer.save_block(
                actor=self.actor,
                call_id=self.call.pk,
                key=self.block.key,
                version=form.cleaned_data["version"],
                block=form.as_block(),
            )
        except StaleVersion as stale:
            form.data = form.data.copy()
            form.data["version"] = Call.objects.only("version").get(pk=self.call.pk).version
            return render(request, self.template_name, self.page(form, theirs=stale.current), status=422)
        except (NotAllowed, NotFound):
            raise
        except MarketplaceError as error:
            add_error(form, error)
            return render(request, self.template_name, self.page(form), status=422)
        messages.success(request, _("Saved: %(name)s") % {"name": row.title})
        return HttpResponseRedirect(self.step_url("form"))

    def form(self, data: Any = None) -> Any:
        initial = {**initial_of(self.block), "version": self.call.version}
        return BlockForm(data, initial=initial, block=self.block)

    def page(self, form: Any, **more: Any) -> dict[str, Any]:
        asked_block = asked(self.block, list(self.call.pots.all()))
        return self.get_context_data(
            **self.wizard_context("form"), form=form, row=self.row, asked=[asked_block], **more
        )


class ComposerAction(DraftMixin, ActionView):
    """A button of the composer, back to the list of blocks."""

    def get_success_url(self) -> str:
        return self.step_url("form")


class StandardFormView(ComposerAction):
    success_message = gettext_lazy("The standard form is in place; change what does not fit.")

    def perform(self) -> Any:
        return composer.use_standard_form(actor=self.actor, call_id=self.call.pk)


class AddBlockView(ComposerAction):
    success_message = gettext_lazy("Added. Say what is asked.")

    def perform(self) -> Any:
        kind = self.request.POST.get("kind", "")
        return composer.add_block(actor=self.actor, call_id=self.call.pk, kind=kind)

    def get_success_url(self) -> str:
        if not hasattr(self, "result"):
            return super().get_success_url()
        return reverse("ventures:block-edit", args=[self.call.pk, self.result.key])


class MoveBlockView(ComposerAction):
    def perform(self) -> Any:
        is_up = self.kwargs["way"] == "up"
        return composer.move_block(actor=self.actor, call_id=self.call.pk, key=self.kwargs["key"], up=is_up)


class RemoveBlockView(ComposerAction):
    success_message = gettext_lazy("The block is taken out.")

    def perform(self) -> Any:
        return composer.remove_block(actor=self.actor, call_id=self.call.pk, key=self.kwargs["key"])


class CheckView(DraftMixin, ActorPage):
    """The whole check list, the preview, and the button that submits."""

    template_name = "ventures/call_check.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = self.wizard_context("check")
        checks = context["checks"]
        pages = [{"step": step, "decisions": checks[step.key]} for step in STEPS if step.key in checks]
        return super().get_context_data(**kwargs, **context, pages=pages)
