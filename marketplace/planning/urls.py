"""Addresses of planning."""

from django.urls import path

from .views import public, workspace

app_name = "planning"
LIST = "workspace/plans/<int:pk>/"
INTENTION = "workspace/intentions/<int:pk>/"
urlpatterns = [
    path("plans/", public.PlanListView.as_view(), name="plan-list"),
    path("plans/plans.csv", public.PlanCsvView.as_view(), name="plan-csv"),
    path("plans/<str:code>/<int:year>/", public.PlanDetailView.as_view(), name="plan-detail"),
    path("workspace/plans/", workspace.ListListView.as_view(), name="list-list"),
    path(LIST, workspace.ListDetailView.as_view(), name="list-detail"),
    path(LIST + "submit/", workspace.SubmitListView.as_view(), name="list-submit"),
    path(LIST + "publish/", workspace.PublishListView.as_view(), name="list-publish"),
    path(LIST + "return/", workspace.ReturnListView.as_view(), name="list-return"),
    path(LIST + "items/new/", workspace.ItemFormView.as_view(), name="item-add"),
    path(LIST + "items/<int:item>/", workspace.ItemFormView.as_view(), name="item-change"),
    path(LIST + "items/<int:item>/withdraw/", workspace.WithdrawItemView.as_view(), name="item-withdraw"),
    path(LIST + "items/<int:item>/filing/", workspace.FilePlanView.as_view(), name="item-filing"),
    path(LIST + "items/<int:item>/intention/", workspace.ProposeIntentionView.as_view(), name="intention-propose"),
    path(INTENTION, workspace.IntentionDetailView.as_view(), name="intention-detail"),
    path(INTENTION + "publish/", workspace.PublishIntentionView.as_view(), name="intention-publish"),
    path(INTENTION + "return/", workspace.ReturnIntentionView.as_view(), name="intention-return"),
]
