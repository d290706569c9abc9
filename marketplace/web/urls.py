from django.urls import path

from .styleguide import Styleguide

app_name = "web"
urlpatterns = [path("styleguide/", Styleguide.as_view(), name="styleguide")]
