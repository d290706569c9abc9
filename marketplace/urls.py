"""All addresses. A room's pages stand in its own `urls.py`; the portal's pages are Wagtail's, last."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from marketplace.operations.views import healthz, readyz

ROOMS = [
    "demo",
    "dashboard",
    "transparency",
    "notifications",
    "contracts",
    "sponsorship",
    "ventures",
    "procurement",
    "planning",
    "funds",
    "organizations",
    "people",
    "publication",
    "documents",
    "web",
    "accounts",
]

to_our_login = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    # Wagtail's own log-ins would skip the second factor.
    path("admin/login/", to_our_login, name="editor-login"),
    path("_util/login/", to_our_login, name="page-login"),
    path("admin/", include(wagtailadmin_urls)),
    path("media/documents/", include(wagtaildocs_urls)),
    *i18n_patterns(
        path("accounts/", include("allauth.urls")),
        *(path("", include(f"marketplace.{room}.urls")) for room in ROOMS),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
