from django.urls import path

from .views import move_clock

app_name = "demo"
urlpatterns = [path("demo/clock/", move_clock, name="clock")]
