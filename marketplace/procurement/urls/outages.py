from django.urls import path

from ..views import outages

urlpatterns = [
    path("workspace/outages/", outages.OutageListView.as_view(), name="outage-list"),
    path("workspace/outages/<int:pk>/tenders/<int:tender_id>/", outages.ProposeView.as_view(), name="outage-propose"),
    path("workspace/outages/extensions/<int:pk>/", outages.DecideView.as_view(), name="outage-decide"),
]
