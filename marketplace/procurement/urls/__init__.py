"""Addresses of the room, collected from one file per noun."""

from . import bids, outages, review, tender

app_name = "procurement"
urlpatterns = [*tender.urlpatterns, *bids.urlpatterns, *outages.urlpatterns, *review.urlpatterns]
