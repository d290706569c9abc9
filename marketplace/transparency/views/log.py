"""/log/: the public log, its signed heads, proofs, and everything to check it elsewhere."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.generic import TemplateView

from marketplace.audit import heads
from marketplace.audit.selectors import consistency_between, inclusion_of, public_form

from .. import public_log
from ..forms import LogFilterForm

LINES = "application/x-ndjson; charset=utf-8"


def positive(request: HttpRequest, name: str) -> int | None:
    """A whole number from the address; anything else counts as not given."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 16 and int(text) > 0 else None


class LogPage(TemplateView):
    template_name = "transparency/log.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = LogFilterForm(self.request.GET)
        project = form.cleaned_data.get("project", "") if form.is_valid() else ""
        return super().get_context_data(
            form=form,
            log=public_log.page_of(positive(self.request, "before"), project),
            size=public_log.size(),
            heads=public_log.newest_heads(),
            witness=heads.newest(),
            **kwargs,
        )


class LogEntryPage(TemplateView):
    template_name = "transparency/log_entry.html"

    def get_context_data(self, number: int, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        proof = inclusion_of(number)
        if proof is None:
            raise Http404
        return super().get_context_data(
            line=public_log.line_of(proof.entry),
            content=public_log.readable(proof.entry),
            form=public_form(proof.entry),
            proof=proof,
            **kwargs,
        )


def entry_json(request: HttpRequest, number: int) -> HttpResponse:
    """The entry as far as it is public, with its path to the newest signed head."""
    proof = inclusion_of(number)
    if proof is None:
        raise Http404
    return as_json(proof.as_json())


def witness_json(request: HttpRequest) -> HttpResponse:
    witness = heads.newest()
    if witness is None:
        raise Http404
    response = as_json(witness.as_json())
    response["Content-Disposition"] = f'attachment; filename="witness-{witness.size}.json"'
    return response


def consistency_json(request: HttpRequest) -> HttpResponse:
    """`?from=` an older size, `?to=` a newer one (else today's)."""
    size = public_log.size()
    newer = positive(request, "to") or size
    older = positive(request, "from") or newer
    if not 0 < older <= newer <= size:
        raise Http404
    return as_json(consistency_between(older, newer))


def entries_jsonl(request: HttpRequest) -> StreamingHttpResponse:
    lines = public_log.entry_lines(positive(request, "from") or 1, positive(request, "to"))
    return StreamingHttpResponse(lines, content_type=LINES)


def heads_jsonl(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(public_log.head_lines(), content_type=LINES)


def as_json(data: Any) -> HttpResponse:
    return HttpResponse(json.dumps(data, ensure_ascii=False, indent=2), content_type="application/json; charset=utf-8")
