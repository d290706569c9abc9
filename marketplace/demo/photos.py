"""Pictures for the reports of the demo world: drawn scenes, because no real person is ever shown in it."""

from __future__ import annotations

import io
from functools import cache

from marketplace.funds.rules.purposes import SIGN_TEXT

SIGN = "sign"
SCENES = {
    "visit": """<rect width='640' height='420' fill='#e9e2d4'/><rect y='300' width='640' height='120' fill='#b98f62'/>
<rect x='60' y='60' width='170' height='150' fill='#fff'/><rect x='72' y='72' width='146' height='126' fill='#a9c9d6'/>
<path d='M145 72v126M72 135h146' stroke='#fff' stroke-width='8'/><circle cx='196' cy='98' r='15' fill='#f3d27a'/>
<rect x='300' y='215' width='250' height='95' rx='22' fill='#7d9b86'/><rect x='280' y='250' width='36' height='80' rx='14' fill='#6c8a76'/>
<rect x='534' y='250' width='36' height='80' rx='14' fill='#6c8a76'/><rect x='120' y='270' width='120' height='12' fill='#7a5a3a'/>
<path d='M132 282v70M228 282v70' stroke='#7a5a3a' stroke-width='10'/><path d='M165 270v-22h34v22z' fill='#a3231c'/>
<path d='M182 248c-8-14 8-18 0-30' stroke='#fff' stroke-width='3' fill='none'/><rect x='360' y='70' width='130' height='90' fill='#fff'/>
<path d='M376 92h98M376 112h98M376 132h60' stroke='#8c8472' stroke-width='6'/>""",
    "class": """<rect width='640' height='420' fill='#efe9dc'/><rect y='330' width='640' height='90' fill='#c9ab83'/>
<rect x='150' y='50' width='340' height='170' rx='6' fill='#2f5648'/><rect x='150' y='50' width='340' height='170' rx='6' fill='none' stroke='#8a6a44' stroke-width='10'/>
<path d='M190 100h180M190 135h230M190 170h120' stroke='#e9efe6' stroke-width='7'/>
<g fill='#8a6a44'><rect x='70' y='270' width='130' height='14'/><rect x='255' y='270' width='130' height='14'/><rect x='440' y='270' width='130' height='14'/></g>
<path d='M84 284v80M186 284v80M269 284v80M371 284v80M454 284v80M556 284v80' stroke='#6f5436' stroke-width='9'/>
<g fill='#fff' stroke='#a3231c' stroke-width='3'><rect x='105' y='254' width='50' height='14'/><rect x='292' y='254' width='50' height='14'/><rect x='478' y='254' width='50' height='14'/></g>""",
    "garden": """<rect width='640' height='420' fill='#cfe0e4'/><rect y='250' width='640' height='170' fill='#9db58a'/>
<circle cx='540' cy='80' r='36' fill='#f3d27a'/><path d='M0 420L230 250h180L640 420z' fill='#d8cbb2'/>
<g fill='#6d8f63'><circle cx='110' cy='190' r='62'/><circle cx='170' cy='215' r='46'/><circle cx='520' cy='205' r='54'/></g>
<path d='M116 240v60M520 250v50' stroke='#7a5a3a' stroke-width='14'/><rect x='240' y='290' width='170' height='16' rx='5' fill='#8a6a44'/>
<rect x='240' y='258' width='170' height='12' rx='5' fill='#8a6a44'/><path d='M256 306v44M394 306v44' stroke='#6f5436' stroke-width='10'/>""",
}


def scene_of(position: int) -> str:
    """Another scene for each milestone."""
    names = sorted(SCENES)
    return names[position % len(names)]


def _sign(name: str) -> str:
    """The plate at the door of the service point, with the wording that the ministry asks for (R-LOT-06)."""
    return f"""<rect width='640' height='420' fill='#d9d2c3'/><path d='M0 70h640M0 140h640M0 210h640M0 280h640M0 350h640' stroke='#cfc7b6' stroke-width='3'/>
<rect x='440' y='60' width='150' height='360' fill='#7a5a3a'/><rect x='456' y='78' width='118' height='150' fill='#a9c9d6'/><circle cx='462' cy='270' r='7' fill='#e8cf8f'/>
<rect x='50' y='110' width='340' height='150' rx='8' fill='#a3231c'/><rect x='60' y='120' width='320' height='130' rx='5' fill='none' stroke='#f2e3c6' stroke-width='2'/>
<text x='220' y='172' text-anchor='middle' font-size='22' fill='#fff' font-weight='bold'>{SIGN_TEXT}</text>
<text x='220' y='218' text-anchor='middle' font-size='17' fill='#f2e3c6'>{name}</text>"""


@cache
def photo(scene: str, name: str) -> bytes:
    """A scene as JPEG, 1280 × 840, as a phone would hand it in."""
    import pypdfium2
    from weasyprint import HTML

    inside = _sign(name) if scene == SIGN else SCENES[scene]
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 640 420' width='640' height='420' font-family='Noto Sans CJK SC'>{inside}</svg>"
    page = HTML(string=f"<style>@page{{size:640px 420px;margin:0}}svg{{display:block}}</style>{svg}").write_pdf()
    picture = pypdfium2.PdfDocument(page)[0].render(scale=1280 / 480).to_pil().convert("RGB")
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=82)
    return kept.getvalue()
