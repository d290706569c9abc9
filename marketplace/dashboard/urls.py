from django.urls import path

from . import views

app_name = "dashboard"
urlpatterns = [path("workspace/", views.Home.as_view(), name="home")]
