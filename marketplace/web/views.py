"""Base views: thin pages that ask permissions, call one service, and show its refusal where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.generic import FormView, TemplateView, View

from marketplace.accounts.actors import Actor
from marketplace.core.catalogue import citation
from marketplace.core.decisions import Decision
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound


class ActorMixin(LoginRequiredMixin):
    """Signed-in pages. `self.actor` acts; `allowed()` answers whether this page is for them."""

    request: HttpRequest

    @property
    def actor(self) -> Actor:
        return self.request.actor  # type: ignore[attr-defined]

    def allowed(self) -> Decision | bool:
        """Override: permission for the whole page. «No» is 403; a stranger's object should raise Http404 on look-up."""
        return True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        try:
            self.prepare(**kwargs)
            answer = self.allowed()
            if not answer:
                raise PermissionDenied(getattr(answer, "reason", ""))
            return super().dispatch(request, *args, **kwargs)
        except NotFound as error:
            raise Http404 from error
        except NotAllowed as error:
            raise PermissionDenied(error.message) from error

    def look_nothing_up(self, **kwargs: Any) -> None:
        """Pages without an object of their own."""

    prepare: Callable[..., None] = look_nothing_up
    """Override with a method: look the object up (raise Http404), before the permission is asked. It takes the
    address's own arguments by name."""


class ActorPage(ActorMixin, TemplateView):
    """A page that reads."""


class ServiceFormView(ActorMixin, FormView):
    """A form whose `perform(form)` calls one service; a refusal comes back on the form, filled as it was."""

    success_message: Any = ""

    def perform(self, form: BaseForm) -> Any:
        raise NotImplementedError

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            self.result = self.perform(form)
        except (NotAllowed, NotFound):
            raise
        except MarketplaceError as error:
            add_error(form, error)
            return self.form_invalid(form)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class ActionView(ActorMixin, View):
    """A button: POST only, one service, back to a page with what happened."""

    http_method_names = ["post"]
    success_message: Any = ""

    def perform(self) -> Any:
        raise NotImplementedError

    def get_success_url(self) -> str:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.result = self.perform()
        except (NotAllowed, NotFound):
            raise
        except MarketplaceError as error:
            messages.error(request, refusal_text(error))
        else:
            if self.success_message:
                messages.success(request, self.success_message)
        return HttpResponseRedirect(self.get_success_url())


def refusal_text(error: MarketplaceError) -> str:
    """The sentence a person sees: what is wrong, and by which rule: short title, article and id."""
    return f"{error.message} ({citation(error.rule_id)})" if error.rule_id else str(error.message)


def add_error(form: BaseForm, error: MarketplaceError) -> None:
    field = error.field if error.field in form.fields else None
    form.add_error(field, refusal_text(error))


def or_404(look_up: Callable[[], Any]) -> Any:
    """Run a queryset look-up; nothing found is a 404 (a stranger's object is «not found»)."""
    from django.core.exceptions import ObjectDoesNotExist

    try:
        return look_up()
    except ObjectDoesNotExist as error:
        raise Http404 from error
