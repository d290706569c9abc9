"""One step of a bid: text and files in one post, so that neither is lost when the other is refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, StaleVersion
from marketplace.documents.encryption import recipient_of
from marketplace.documents.kinds import MEGABYTE
from marketplace.documents.uploads import EncryptingUploads, NothingTaken, Slot
from marketplace.web.views import ActorPage, add_error, refusal_text

from ..forms import bids as forms
from ..rules.bid_contents import version_of
from ..selectors.bids import usable_evidence
from ..selectors.steps import Place, Step, files_at, stored_values
from ..services import copies, drafts
from .bids import BidMixin

FORMS: dict[str, type[forms.StepForm]] = {
    "evidence": forms.EvidenceForm,
    "declaration": forms.DeclarationForm,
    "price": forms.PriceForm,
    "technical": forms.AnswerForm,
    "related": forms.RelatedForm,
    "contact": forms.ContactForm,
    "annexes": forms.AnnexForm,
}


@method_decorator(csrf_exempt, name="dispatch")
class EncryptedPostMixin(BidMixin):
    """A post whose files are encrypted as they arrive. The token is checked after the handler is in place."""

    def handle_no_permission(self) -> HttpResponseRedirect:
        # Whoever is not signed in leaves no file behind, in clear or otherwise; the text is kept by `accounts`.
        self.request.upload_handlers = [NothingTaken(self.request)]
        return super().handle_no_permission()

    def slots(self) -> dict[str, Slot]:
        raise NotImplementedError

    def received(self, request: HttpRequest) -> HttpResponse:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.uploads = EncryptingUploads(
            request,
            recipient=recipient_of(drafts.identity_of(self.draft)),
            slots=self.slots(),
            path_for=lambda pk: drafts.draft_path(self.draft.pk, pk),
        )
        request.upload_handlers = [self.uploads]
        response = csrf_protect(lambda posted: self.received(posted))(request)
        self.uploads.discard()
        return response

    @property
    def wants_json(self) -> bool:
        return self.request.headers.get("Accept", "").startswith("application/json")


class BidStepView(EncryptedPostMixin, ActorPage):
    template_name = "procurement/bid_step.html"

    def prepare(self, **kwargs: Any) -> None:
        super().prepare(**kwargs)
        if self.draft.destroyed_at is None:
            self.all_steps = self.steps()
            found = [step for step in self.all_steps if step.key == kwargs["step"]]
            if not found:
                raise Http404
            self.step: Step = found[0]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.draft.destroyed_at is not None or self.draft.status not in drafts.EDITABLE:
            return HttpResponseRedirect(self.home())
        return super().get(request, *args, **kwargs)

    @property
    def form_class(self) -> type[forms.StepForm]:
        return FORMS[self.step.section.partition(":")[0]]

    def form(self, data: Any = None) -> forms.StepForm:
        more: dict[str, Any] = {"ranges": self.step.ranges} if self.step.criterion else {}
        return self.form_class(data, initial=self.initial(), **more)

    def initial(self) -> dict[str, Any]:
        version = version_of(self.payload, self.step.section)
        stored = stored_values(self.payload, self.step)
        extra = {"made_at": stored["made_at"]} if self.step.key == "declaration" else {}
        if self.step.criterion:
            extra = {"stated": self.payload["stated"].get(str(self.step.criterion.pk), "")}
        return {**self.form_class.initial_from(stored), **extra, "version": version}

    def slots(self) -> dict[str, Slot]:
        return {place.field: place.slot for place in self.step.places} if hasattr(self, "step") else {}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.draft.destroyed_at is not None:
            return HttpResponseRedirect(self.home())
        return super().post(request, *args, **kwargs)

    def received(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        self.current: Any = None
        self.file_errors: dict[str, list[str]] = {}
        if form.is_valid():
            self._save(form)
        self._attach(request)
        if form.errors or self.file_errors:
            return self._refused(form)
        if self.wants_json:
            return JsonResponse({"version": self.version})
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(self._next_url(request))

    def _save(self, form: forms.StepForm) -> None:
        self.version = form.cleaned_data["version"]
        if self.step.section == "annexes":
            return
        try:
            self.version = drafts.save_section(
                actor=self.actor,
                draft_id=self.draft.pk,
                section=self.step.section,
                version=form.cleaned_data["version"],
                values=form.values(),
                stated=getattr(form, "stated", None),
            )
        except (NotAllowed, NotFound):
            raise
        except StaleVersion as error:
            form.add_error(None, refusal_text(error))
            self.current = error.current
        except MarketplaceError as error:
            add_error(form, error)
            if hasattr(form, "ask_to_confirm"):
                form.ask_to_confirm()

    def _attach(self, request: HttpRequest) -> None:
        """Each file by itself: a refused one does not take the others or the text with it."""
        for place in self.step.places:
            errors = [refusal_text(error) for error in self.uploads.refusals.get(place.field, [])]
            for upload in request.FILES.getlist(place.field):
                errors += self._attach_one(upload, place)
            errors += self._attach_evidence(request.POST.get(f"own-{place.key}", ""), place)
            if errors:
                self.file_errors[place.field] = errors

    def _attach_one(self, upload: Any, place: Place) -> list[str]:
        file = drafts.PartFile(
            upload.pk, upload.name, upload.content_type, upload.size, upload.sha256, upload.encrypted_size
        )
        self.uploads.taken.remove(upload)
        try:
            drafts.attach_part(actor=self.actor, draft_id=self.draft.pk, file=file, place=self._place(place))
        except MarketplaceError as error:
            return [refusal_text(error)]
        return []

    def _attach_evidence(self, evidence_id: str, place: Place) -> list[str]:
        if place.purpose != "evidence" or not evidence_id:
            return []
        try:
            drafts.attach_evidence(
                actor=self.actor, draft_id=self.draft.pk, evidence_id=evidence_id, place=self._place(place)
            )
        except MarketplaceError as error:
            return [refusal_text(error)]
        return []

    def _place(self, place: Place) -> drafts.PartPlace:
        return drafts.PartPlace(place.purpose, place.key)

    def _refused(self, form: forms.StepForm) -> HttpResponse:
        """The page again with what was typed; the files that were taken are there already."""
        self.draft.refresh_from_db()
        if self.draft.destroyed_at is not None:
            return HttpResponseRedirect(self.home())
        del self._payload
        self.all_steps = self.steps()
        self.step = next(step for step in self.all_steps if step.key == self.step.key)
        if self.wants_json:
            return JsonResponse({"errors": self._error_texts(form)}, status=422)
        if self.current is not None:
            form.data = {**form.data.dict(), "version": str(self.current["version"])}  # type: ignore[attr-defined]
        elif not form.errors:
            form = self.form()
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _error_texts(self, form: forms.StepForm) -> list[str]:
        texts = [str(text) for errors in form.errors.values() for text in errors]
        return texts + [text for errors in self.file_errors.values() for text in errors]

    def _next_url(self, request: HttpRequest) -> str:
        keys = [step.key for step in self.all_steps]
        following = keys[keys.index(self.step.key) + 1 :]
        if "next" in request.POST and following:
            return reverse("procurement:bid-step", args=[self.draft.pk, following[0]])
        if "next" in request.POST:
            return reverse("procurement:bid-seal", args=[self.draft.pk])
        return reverse("procurement:bid-step", args=[self.draft.pk, self.step.key])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts = {str(part.pk): part for part in self.draft.parts.all()}
        errors = getattr(self, "file_errors", {})
        evidence = usable_evidence(self.actor) if self.step.key == "evidence" else []
        current = getattr(self, "current", None)
        position = [step.key for step in self.all_steps].index(self.step.key)
        context = {
            **kwargs,
            "form": kwargs.get("form") or self.form(),
            "step": self.step,
            "steps": self.all_steps,
            "position": position + 1,
            "previous": self.all_steps[position - 1] if position else None,
            "places": [
                {
                    "place": place,
                    "files": files_at(self.payload, place, parts),
                    "errors": errors.get(place.field, []),
                    "own": [row for row in evidence if row.kind == place.key],
                }
                for place in self.step.places
            ],
            "other_text": self._other_text(current),
            "ceiling": self.draft.lot.effective_ceiling,
        }
        return super().get_context_data(**self.page(**context))

    def _other_text(self, current: Any) -> list[tuple[str, str]]:
        """What the other window saved, field by field, in words."""
        if current is None:
            return []
        form, values = self.form(), self.form_class.initial_from(current["values"])
        if self.step.ranges:
            values["stated"] = dict(form.fields["stated"].choices)[current["stated"]]  # type: ignore[attr-defined]
        return [
            (str(form.fields[name].label), _("yes") if value is True else _("no") if value is False else str(value))
            for name, value in values.items()
            if name in form.fields and name != "version"
        ]


class BidRestoreView(EncryptedPostMixin, ActorPage):
    """Start from the own copy that was downloaded at an earlier sealing."""

    template_name = "procurement/bid_restore.html"
    errors: tuple[str, ...] = ()

    def slots(self) -> dict[str, Slot]:
        return {"copy": Slot((), 520 * MEGABYTE)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.draft.destroyed_at is not None or self.draft.status not in drafts.EDITABLE:
            return HttpResponseRedirect(self.home())
        return super().get(request, *args, **kwargs)

    def received(self, request: HttpRequest) -> HttpResponse:
        upload = request.FILES.get("copy")
        refusals = [refusal_text(error) for error in self.uploads.refusals.get("copy", [])]
        if upload is None:
            return self._again(*(refusals or [_("Choose the ZIP file of your own copy.")]))
        self.uploads.taken.clear()
        try:
            copies.restore_copy(actor=self.actor, draft_id=self.draft.pk, path=upload.path)  # type: ignore[attr-defined]
        except (NotAllowed, NotFound):
            raise
        except MarketplaceError as error:
            return self._again(refusal_text(error))
        messages.success(request, _("The draft now holds what your copy holds. Check it and seal it anew."))
        return HttpResponseRedirect(self.home())

    def _again(self, *errors: str) -> HttpResponse:
        self.errors = errors
        return self.render_to_response(self.get_context_data(), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.page(errors=self.errors, **kwargs))
