"""Photos of a report: only JPEG and PNG by content, drawn anew without place, device and time data (R-CHAR-10)."""

from __future__ import annotations

import io
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from marketplace.accounts.actors import Actor
from marketplace.audit.log import subject_of
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError
from marketplace.documents.models import Document
from marketplace.documents.services import store_bytes

from ..models import PerformanceReport, ReportPhoto

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2400


def keep_photo(*, actor: Actor, report: PerformanceReport, upload: Any, caption: str, shows_sign: bool) -> ReportPhoto:
    content, width, height = clean_photo(upload)
    number = report.photos.count() + 1
    file = store_bytes(
        content,
        name=f"{caption[:60]}.jpg",
        content_type="image/jpeg",
        body_id=actor.body_id,
        user_id=actor.user_id,
    )
    document = Document.objects.create(
        subject=subject_of(report),
        kind="photo",
        title=f"{number}. {caption}"[:200],
        file=file,
        created_at=clock.now(),
    )
    return ReportPhoto.objects.create(
        report=report, document=document, caption=caption, shows_sign=shows_sign, width=width, height=height
    )


def clean_photo(upload: Any) -> tuple[bytes, int, int]:
    """The picture as a new JPEG, upright, at most 2,400 pixels long, with nothing but its pixels."""
    if upload.size > MOST_BYTES:
        raise MarketplaceError(
            _("The photo is larger than %(most)d MB. Take it at a lower resolution.") % {"most": MOST_BYTES // 1024**2},
            field="photo",
        )
    try:
        picture = Image.open(upload, formats=("JPEG", "PNG"))
        if picture.width * picture.height > MOST_PIXELS:
            raise MarketplaceError(_("The photo has too many pixels."), field="photo")
        picture = ImageOps.exif_transpose(picture).convert("RGB")  # type: ignore[assignment]
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise MarketplaceError(
            _("This is not a readable JPEG or PNG picture. Choose a photo from your phone or camera."), field="photo"
        ) from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=85, optimize=True)
    return kept.getvalue(), picture.width, picture.height
