"""The notices of the demo world on a designated medium, but for the last days': those are left to their officers."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from marketplace.accounts.actors import actor_for
from marketplace.accounts.models import Membership
from marketplace.core import clock
from marketplace.procurement.models import Tender
from marketplace.procurement.selectors.media import notices_of
from marketplace.procurement.services.media import Appearance, record_medium

RECENT = timedelta(days=3)


def record_media() -> None:
    for tender in Tender.objects.public().select_related("created_by").order_by("pk"):
        people = Membership.objects.filter(user=tender.created_by, body_id__in=[tender.buyer_id, tender.agency_id])
        officer = actor_for(tender.created_by, people.select_related("body").get(ended_at=None))
        for notice in notices_of(tender).filter(published_at__lt=clock.now() - RECENT):
            appearance = Appearance(
                notice=notice.number,
                medium=settings.MARKETPLACE_MEDIA[0],
                url=f"https://notices.example/{notice.number}",
                published_at=notice.published_at + timedelta(minutes=20),
            )
            record_medium(actor=officer, tender_id=tender.pk, appearance=appearance)
