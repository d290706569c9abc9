"""Names of region codes (GB/T 2260): provinces, and the cities and districts that this marketplace serves."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BudgetLevel(TextChoices):
    """Whose budget pays: the level of the buyer's region."""

    PROVINCE = "province", _("Provincial level")
    CITY = "city", _("City level")
    DISTRICT = "district", _("District level")


PROVINCES = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区", "21": "辽宁省",
    "22": "吉林省", "23": "黑龙江省", "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省",
    "35": "福建省", "36": "江西省", "37": "山东省", "41": "河南省", "42": "湖北省", "43": "湖南省",
    "44": "广东省", "45": "广西壮族自治区", "46": "海南省", "50": "重庆市", "51": "四川省", "52": "贵州省",
    "53": "云南省", "54": "西藏自治区", "61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区", "71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区",
}  # fmt: skip
PLACES = {
    "310101": "黄浦区", "310104": "徐汇区", "310105": "长宁区", "310106": "静安区", "310107": "普陀区",
    "310109": "虹口区", "310110": "杨浦区", "310112": "闵行区", "310113": "宝山区", "310114": "嘉定区",
    "310115": "浦东新区", "310116": "金山区", "310117": "松江区", "310118": "青浦区", "310120": "奉贤区",
    "310151": "崇明区",
    "330200": "宁波市", "330203": "海曙区", "330205": "江北区", "330206": "北仑区", "330211": "镇海区",
    "330212": "鄞州区", "330213": "奉化区",
    "440400": "珠海市", "440402": "香洲区", "440403": "斗门区", "440404": "金湾区",
    "440700": "江门市", "440703": "蓬江区", "440704": "江海区", "440705": "新会区",
}  # fmt: skip


def region_name(code: str) -> str:
    """310106 → 上海市静安区; an unknown place below a known one carries its code."""
    province, city = PROVINCES.get(code[:2], ""), PLACES.get(code[:4] + "00", "")
    if code[2:] in ("", "0000"):
        return province or code
    if code[4:] == "00":
        return province + city if city else f"{province}（{code}）"
    place = PLACES.get(code, f"（{code}）")
    return province + city + place


def budget_level(region: str) -> str:
    """The level of a GB/T 2260 code: 310000 province, 330200 city, 310106 district."""
    if region.endswith("0000"):
        return "province"
    return "city" if region.endswith("00") else "district"
