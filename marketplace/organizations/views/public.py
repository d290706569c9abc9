"""The directory of organizations and each one's public page."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.views.generic import TemplateView

from ..csv_rows import rows
from ..forms.directory import DirectoryForm
from ..models import Face, Organization
from ..permissions import can_see_organization, can_verify_organization
from ..rules.face import formula_text
from ..sections import sections_for

PAGE_SIZE = 40
FACES_SHOWN = 10


def directory() -> QuerySet[Organization]:
    return Organization.objects.select_related("body").order_by("body__name", "pk")


def directory_form(request: HttpRequest) -> DirectoryForm:
    regions = Organization.objects.order_by("body__region").values_list("body__region", flat=True).distinct()
    return DirectoryForm(request.GET, regions=list(regions))


class Directory(TemplateView):
    """Pages by key: the next page begins after the last name of this one, whatever was added meanwhile."""

    template_name = "organizations/organization_directory.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = directory_form(self.request)
        found = form.narrow(directory())
        count = found.count()
        shown = list(after(found, self.request.GET.get("after", ""))[: PAGE_SIZE + 1])
        return super().get_context_data(
            form=form,
            count=count,
            organizations=shown[:PAGE_SIZE],
            next_key=shown[PAGE_SIZE - 1].pk if len(shown) > PAGE_SIZE else None,
            is_first="after" not in self.request.GET,
            **kwargs,
        )


def after(found: QuerySet[Organization], key: str) -> QuerySet[Organization]:
    last = Organization.objects.select_related("body").filter(pk=key).first() if key.isdigit() else None
    if last is None:
        return found
    name = last.body.name
    return found.filter(Q(body__name__gt=name) | Q(body__name=name, pk__gt=last.pk))


def directory_csv(request: HttpRequest) -> StreamingHttpResponse:
    """What the filters show, streamed."""
    found = directory_form(request).narrow(directory())
    response = StreamingHttpResponse(rows(found.iterator(chunk_size=500)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="organizations.csv"'
    return response


class OrganizationPage(TemplateView):
    template_name = "organizations/organization_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organization = directory().filter(body__code=self.kwargs["code"]).first()
        if organization is None:
            raise Http404
        actor = self.request.actor  # type: ignore[attr-defined]
        faces = list(organization.faces.all()[:FACES_SHOWN])
        return super().get_context_data(
            organization=organization,
            body=organization.body,
            faces=faces,
            sample_size=faces[0].sample_size if faces else 0,
            has_face=organization.face != Face.NONE,
            formula=formula_text(),
            verification=organization.verifications.filter(ended_at=None).select_related("given_for").first(),
            sections=[
                {"title": section.title, "html": render_to_string(section.template, section.context, self.request)}
                for section in sections_for(organization)
            ],
            is_own=bool(can_see_organization(actor, organization)),
            may_verify=bool(can_verify_organization(actor)),
            **kwargs,
        )
