from django.urls import path

from . import feeds, views

app_name = "publication"
urlpatterns = [
    path("notices/<str:number>/notice.json", views.notice_json, name="notice-json"),
    path("notices/<str:number>/notice.pdf", views.notice_pdf, name="notice-pdf"),
    path("feeds/notices.atom", feeds.NoticeFeed(), name="feed"),
    path("feeds/notices/<slug:kind>.atom", feeds.NoticeFeed(), name="feed-kind"),
]
