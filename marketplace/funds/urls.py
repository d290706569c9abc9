"""Addresses: the public pages of the money, the budget in the workspace."""

from django.urls import path, register_converter

from . import views


class FormatConverter:
    regex = "csv|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormatConverter, "table_format")

app_name = "funds"
urlpatterns = [
    path("funds/", views.FundListView.as_view(), name="fund-list"),
    path("funds/all.<table_format:form>", views.FundDownloadView.as_view(), name="fund-download-all"),
    path("funds/<int:pk>/", views.FundView.as_view(), name="fund-detail"),
    path("funds/<int:pk>.<table_format:form>", views.FundDownloadView.as_view(), name="fund-download"),
    path("workspace/budget/", views.BudgetView.as_view(), name="budget"),
    path("workspace/budget/open/", views.FundOpenView.as_view(), name="fund-open"),
    path("workspace/budget/<int:pk>/lines/", views.LineAddView.as_view(), name="line-add"),
    path("workspace/budget/lines/<int:pk>/", views.LineChangeView.as_view(), name="line-change"),
]
