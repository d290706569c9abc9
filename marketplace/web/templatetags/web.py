"""Formats of money, dates, sizes and states for templates, and the small tags of the look; builtins everywhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.urls import translate_url
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _, ngettext

from marketplace.core import clock
from marketplace.core.catalogue import catalogue
from marketplace.core.regions import region_name
from marketplace.web import navigation

register = template.Library()


def is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


# Money and numbers


@register.filter
def yuan(amount: Decimal | None) -> str:
    """1234567.8 → 1,234,567.80: wherever money is decided."""
    return "" if amount is None else f"{amount:,.2f}"


@register.filter
def wan(amount: Decimal | None) -> str:
    """1860000 → 186.00: amounts in 万元 on public pages; English counts no ten thousands: 1,860,000."""
    if amount is None:
        return ""
    return f"{amount / 10000:,.2f}" if is_chinese() else _whole_yuan(Decimal(amount))


@register.filter
def wan_short(amount: Decimal | None) -> str:
    """24000000 → 2,400; 159600 → 15.96: large figures in 万元 without idle zeros; in English the yuan themselves."""
    if amount is None:
        return ""
    return number((Decimal(amount) / 10000).quantize(Decimal("0.01"))) if is_chinese() else _whole_yuan(Decimal(amount))


@register.filter
def in_wan(amount: Decimal) -> str:
    """1860000 → 186.00 万元, in both languages: beside an amount in yuan, against one typed in the wrong unit."""
    return f"{amount / 10000:,.2f} 万元"


def _whole_yuan(amount: Decimal) -> str:
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


@register.filter
def number(value: Decimal | int | None) -> str:
    """71000 → 71,000; 3.50 → 3.5: counts and figures without idle zeros."""
    if value is None:
        return ""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def percent(part: Decimal | int | None, whole: Decimal | int | None) -> str:
    """Share of a whole: 97.6%; nothing where there is no whole."""
    if not whole or part is None:
        return "–"
    return f"{number((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal('0.1')))}%"


@register.filter
def size(octets: int | None) -> str:
    """1887436 → 1.8 MB."""
    if octets is None:
        return ""
    value = float(octets)
    for unit in ("B", "KB", "MB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"


# Dates


def local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value, clock.ZONE) if isinstance(value, datetime) else value


@register.filter
def day(value: date | datetime | None) -> str:
    """2026 年 6 月 15 日 / 15 June 2026."""
    if value is None:
        return ""
    value = local(value)
    if is_chinese():
        return f"{value.year} 年 {value.month} 月 {value.day} 日"
    return f"{value.day} {value:%B %Y}"


@register.filter
def short_day(value: date | datetime | None) -> str:
    """6 月 16 日 / 16 June, with the year where it is not this year."""
    if value is None:
        return ""
    value = local(value)
    if value.year != clock.today().year:
        return day(value)
    return f"{value.month} 月 {value.day} 日" if is_chinese() else f"{value.day} {value:%B}"


@register.filter
def month(value: date | None) -> str:
    """2026 年 6 月 / June 2026."""
    if value is None:
        return ""
    return f"{value.year} 年 {value.month} 月" if is_chinese() else f"{value:%B %Y}"


@register.filter
def moment(value: datetime | None) -> str:
    """2026 年 6 月 15 日 09:30 / 15 June 2026, 09:30."""
    return _with_time(day(value), value, "%H:%M")


@register.filter
def second(value: datetime | None) -> str:
    """2026 年 6 月 15 日 09:30:00: where the second decides."""
    return _with_time(day(value), value, "%H:%M:%S")


@register.filter
def short_moment(value: datetime | None) -> str:
    """6 月 16 日 09:30."""
    return _with_time(short_day(value), value, "%H:%M")


def _with_time(text: str, value: datetime | None, pattern: str) -> str:
    if value is None:
        return ""
    return f"{text}{' ' if is_chinese() else ', '}{local(value):{pattern}}"


@register.filter
def iso(value: date | datetime | None) -> str:
    """For `<time datetime>`."""
    return "" if value is None else local(value).isoformat()


@register.filter
def when(value: date | datetime | None) -> str:
    """Today, tomorrow, yesterday, else the short day: for lists of what is due."""
    if value is None:
        return ""
    plain = local(value)
    plain = plain.date() if isinstance(plain, datetime) else plain
    names = {0: _("Today"), 1: _("Tomorrow"), -1: _("Yesterday")}
    return names.get((plain - clock.today()).days) or short_day(value)


@register.filter
def left(value: datetime | None) -> str:
    """Time until a moment: 3 天, 23 小时 48 分, 5 分; empty when it is past."""
    if value is None:
        return ""
    rest = value - clock.now()
    if rest < timedelta(0):
        return ""
    hours, minutes = rest.seconds // 3600, rest.seconds % 3600 // 60
    if rest.days >= 2:
        return ngettext("%(n)d day", "%(n)d days", rest.days) % {"n": rest.days}
    hours += rest.days * 24
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)d min") % {"minutes": minutes}


@register.filter
def closing_tone(value: datetime | None) -> str:
    """Tone of a deadline's tag: soon within two days, open before, done after."""
    if value is None or value < clock.now():
        return "done"
    return "soon" if value - clock.now() < timedelta(days=2) else "open"


# Words


@register.filter
def region(code: str | None) -> str:
    """310106 → 上海市静安区."""
    return region_name(code) if code else ""


@register.filter
def language_tag(code: str) -> str:
    """zh-hans → zh-Hans, as `lang` wants it."""
    return "zh-Hans" if code.startswith("zh") else code


@register.filter
def phrases(text: object) -> SafeString:
    """A headline whose phrases stay whole: breaks only after Chinese punctuation, between brackets and at spaces."""
    parts, current = [], ""
    for character in str(text):
        if character in "（《“" and current:
            parts.append(current)
            current = ""
        current += character
        if character in "，、；：）》”。？！ ·":
            parts.append(current)
            current = ""
    parts.append(current)
    # An inline block swallows the space at its end: the space stands between the blocks.
    pieces = ((part.rstrip(" "), " " if part.endswith(" ") else "") for part in parts if part)
    return format_html_join("", "<span>{}</span>{}", pieces)


@register.filter
def with_lot(title: str, lot_title: str) -> str:
    """A tender and its lot in one line; the single lot of a tender, which bears the same name, is not said twice."""
    return title if title == lot_title else f"{title} · {lot_title}"


@register.filter
def widget(field: BoundField) -> SafeString:
    """The input of a field, without a placeholder that says the label a second time."""
    echoes = str(field.field.widget.attrs.get("placeholder", "")) == str(field.label)
    return field.as_widget(attrs={"placeholder": False} if echoes else None)


TONES = {
    "open": {"published", "open", "active", "accepted", "submitted_ok", "valid"},
    "soon": {
        "submitted",
        "signing",
        "requested",
        "first_approved",
        "reported",
        "drafted",
        "consolidated",
        "proposed",
        "asked",
        "confirming",
        "heard",
        "demanded",
    },
    "hold": {
        "void",
        "terminated",
        "discarded",
        "returned",
        "refused",
        "annulled",
        "ended",
        "failed",
        "dropped",
        "declined",
        "invalid",
        "ineligible",
    },
    "done": {"awarded", "contracted", "completed", "paid", "final", "signed", "approved", "reviewed", "settled"},
}


@register.filter
def tone(status: str) -> str:
    """Colour class of a status: one place for all state machines; the word stands beside it."""
    return next((name for name, statuses in TONES.items() if status in statuses), "")


NOTICE_TONES = {
    "tender": "open",
    "correction": "soon",
    "termination": "hold",
    "void": "hold",
    "result": "done",
    "contract": "done",
    "grant_agreement": "done",
    "grant_ended": "hold",
    "venture_call": "open",
    "venture_correction": "soon",
    "venture_end": "hold",
}


@register.filter
def notice_tone(kind: str) -> str:
    """Colour class of a kind of notice."""
    return NOTICE_TONES.get(kind, "")


@register.filter
def kind_of_file(name: str) -> str:
    """招标文件.pdf → PDF."""
    return name.rsplit(".", 1)[-1].upper()[:5] if "." in name else "FILE"


@register.filter
def item(values: Any, key: Any) -> Any:
    """One value of a list or a mapping whose place is only known in the template."""
    return values[key]


# Tags


@register.simple_tag(takes_context=True)
def language_url(context: dict[str, Any], code: str) -> str:
    """The same page in another language."""
    request = context.get("request")
    return translate_url(request.get_full_path(), code) if request else "/"


@register.simple_tag
def address(name: str, *args: Any, **kwargs: Any) -> str:
    """Like `url`, but empty where the room is not there."""
    return navigation.address(name, *args, **kwargs)


@register.simple_tag
def cite(rule_id: str) -> SafeString:
    """A rule's article and id, linked to its place on the page of rules: the same everywhere."""
    known = catalogue().get(rule_id)
    text = format_html("{} · <b>{}</b>", known.article, rule_id) if known else rule_id
    url = navigation.language_prefix() + "rules/"
    if not known or not navigation.exists(url):
        return format_html("<cite>{}</cite>", text)
    return format_html('<cite><a href="{}#{}" title="{}">{}</a></cite>', url, rule_id, known.title, text)


@register.simple_block_tag
def table(content: SafeString, label: Any, css: str = "") -> SafeString:
    """A data table that scrolls by itself where it is too wide, with a name for those who do not see it."""
    return format_html(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="{}">{}</table></div>',
        label,
        css,
        content,
    )


@register.inclusion_tag("components/bar.html")
def bar(label: Any, value: Any, whole: Any, shown: Any = None, tone: str = "") -> dict[str, Any]:
    """A share as a line with its number: drawn by attributes, so that no inline style is needed."""
    share = Decimal(0) if not whole else min(Decimal(100), Decimal(value or 0) * 100 / Decimal(whole))
    return {
        "label": label,
        "width": f"{share:.2f}",
        "shown": percent(value, whole) if shown is None else shown,
        "tone": tone,
    }
