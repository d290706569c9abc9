from django.urls import path

from . import views

app_name = "documents"
urlpatterns = [
    path("files/<uuid:pk>/", views.DownloadView.as_view(), name="file-download"),
    path("files/<uuid:pk>/pages/<int:number>.png", views.PageView.as_view(), name="file-page"),
]
