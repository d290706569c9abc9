from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("workspace/inbox/", views.Inbox.as_view(), name="inbox"),
    path("workspace/inbox/read-all/", views.ReadAll.as_view(), name="read-all"),
    path("workspace/inbox/<int:pk>/", views.OpenMessage.as_view(), name="open"),
]
