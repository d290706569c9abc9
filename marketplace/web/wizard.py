"""A draft written page by page: one question a page, saved by itself, the check list beside it.

A page works as a plain form. With htmx it also saves while one types: the answer is the state line, the new version
and the check list. A save over somebody else's text shows both; nothing is lost. A room says what its pages are
(`Step`), how one is saved, and what stands around the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.decisions import Decision, Level
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, StaleVersion

from .views import ActorPage, add_error

STATE = "components/wizard_state.html"


@dataclass(frozen=True)
class Step:
    """A page: key, title, the one question it asks, its form and rows."""

    key: str
    title: Any
    question: Any
    form: type | None = None
    rows: type | None = None


def neighbours(steps: Sequence[Step], key: str) -> tuple[Step | None, Step | None]:
    place = [step.key for step in steps].index(key)
    before = steps[place - 1] if place else None
    after = steps[place + 1] if place + 1 < len(steps) else None
    return before, after


def is_warning(decision: Decision) -> bool:
    return not decision.allowed and decision.level is Level.WARN


def open_points(checks: dict[str, list[Decision]], reasons: Iterable[str] = ()) -> list[Decision]:
    """What still stands in the way: blocks, and warnings without a written reason."""
    passed = set(reasons)
    return [
        decision
        for decisions in checks.values()
        for decision in decisions
        if not decision.allowed and not (decision.level is Level.WARN and decision.rule_id in passed)
    ]


def step_row(step: Step, checks: dict[str, list[Decision]], reasons: Iterable[str], current: str) -> dict[str, Any]:
    """A line of the list of pages: does everything hold there, how much is open."""
    missing = open_points({step.key: checks.get(step.key, [])}, reasons)
    return {
        "key": step.key,
        "title": step.title,
        "missing": len(missing),
        "is_done": step.key in checks and not missing,
        "is_current": step.key == current,
    }


def first_error(form: Any, rows: Any) -> str:
    """One sentence for the state line."""
    for each in (form, *(rows.forms if rows is not None else ())):
        for errors in each.errors.values():
            return str(errors[0])
    return str(_("A row is not complete yet."))


class StepPage(ActorPage):
    """One page with its form and rows. Override `form`, `rows`, `save`, `reload`, `wizard_context`, `theirs` and
    where it leads; see `procurement.views.wizard` and `ventures.views.wizard`."""

    key: str

    def is_draft(self) -> bool:
        raise NotImplementedError

    def detail_url(self) -> str:
        raise NotImplementedError

    def next_url(self) -> str:
        raise NotImplementedError

    def form(self, data: Any = None) -> Any:
        raise NotImplementedError

    def rows(self, data: Any = None) -> Any:
        return None

    def save(self, form: Any, rows: Any) -> None:
        raise NotImplementedError

    def reload(self) -> None:
        """Read the draft again: what was read before a save is old now."""
        raise NotImplementedError

    def version(self) -> int:
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """What every page of the wizard shows around its form."""
        raise NotImplementedError

    def theirs(self) -> dict[str, Any]:
        """For a stale save: `theirs` (label and text of what stands there now) and `last` (who saved, when)."""
        raise NotImplementedError

    def page(self, form: Any, rows: Any, **more: Any) -> dict[str, Any]:
        return self.get_context_data(**self.context(), form=form, rows=rows, **more)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_draft():
            return HttpResponseRedirect(self.detail_url())
        return render(request, self.template_name or "", self.page(self.form(), self.rows()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, rows = self.form(request.POST), self.rows(request.POST)
        if not (form.is_valid() & (rows is None or rows.is_valid())):
            return self.answer(form, rows)
        try:
            self.save(form, rows)
        except (NotAllowed, NotFound):
            raise
        except StaleVersion:
            return self.both_texts(form, rows)
        except MarketplaceError as error:
            self.explain(form, rows, error)
            return self.answer(form, rows)
        if request.htmx:  # type: ignore[attr-defined]
            self.reload()
            return self.saved()
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(self.next_url())

    def explain(self, form: Any, rows: Any, error: MarketplaceError) -> None:
        """The refusal on its field; an amount in doubt may be confirmed."""
        add_error(form, error)
        if hasattr(form, "ask_to_confirm"):
            form.ask_to_confirm()

    def answer(self, form: Any, rows: Any, **more: Any) -> HttpResponse:
        """The page again, filled as it was; while typing, only the line that says that nothing was saved."""
        if self.request.htmx:  # type: ignore[attr-defined]
            return render(self.request, STATE, {"problem": first_error(form, rows), **more})
        return render(self.request, self.template_name or "", self.page(form, rows, **more), status=422)

    def saved(self) -> HttpResponse:
        context = {**self.context(), "saved_at": clock.now(), "version": self.version(), "live": True}
        return render(self.request, STATE, context)

    def both_texts(self, form: Any, rows: Any) -> HttpResponse:
        """Theirs beside mine. Saving once more then replaces theirs: that is a decision, not an accident."""
        self.reload()
        if self.request.htmx:  # type: ignore[attr-defined]
            return render(self.request, STATE, {"stale": True})
        form.data = form.data.copy()
        form.data["version"] = self.version()
        return self.answer(form, rows, **self.theirs())
