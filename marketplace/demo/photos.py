"""Pictures for the reports of the demo world: drawn scenes, because no real person is ever shown in it."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from marketplace.funds.rules.purposes import SIGN_TEXT

DRAWINGS = Path(__file__).parent / "scenes"
SIGN = "sign"
SCENES = ("class", "garden", "visit")
POINTS, PIXELS = 480, 1280
"""Width of a drawing on paper, and of its photo."""


def scene_of(position: int) -> str:
    """Another scene for each milestone."""
    return SCENES[position % len(SCENES)]


@cache
def photo(scene: str, name: str) -> bytes:
    """A scene as JPEG, 1280 × 840, as a phone would hand it in; the sign has the ministry's wording (R-LOT-06)."""
    import pypdfium2
    from weasyprint import HTML

    drawing = (DRAWINGS / f"{scene}.svg").read_text().replace("%SIGN%", SIGN_TEXT).replace("%NAME%", name)
    style = "<style>@page{size:640px 420px;margin:0}svg{display:block}</style>"
    page = pypdfium2.PdfDocument(HTML(string=style + drawing).write_pdf())[0]
    kept = io.BytesIO()
    page.render(scale=PIXELS / POINTS).to_pil().convert("RGB").save(kept, "JPEG", quality=82)
    return kept.getvalue()
