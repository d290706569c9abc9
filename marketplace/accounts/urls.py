from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [path("accounts/acting/", views.act_for, name="acting")]
