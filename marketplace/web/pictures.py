"""Pictures of numbers, drawn by the server to scale from data. Each stands beside a table that says the same.

A picture is an SVG without script or inline style; colours are presentation attributes. One of two columns is drawn a
second time for a phone, with its words on the bands; the stylesheet shows the one that fits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

TONES = {
    "cinnabar": "#a3231c",
    "jade": "#1d6b58",
    "amber": "#8a5a00",
    "blue": "#1f4f8f",
    "ink": "#4a5260",
    "grey": "#b9b1a1",
}
NODE_WIDTH, TOP, FONT_SIZE = 12, 10, 15
SPACE, LABEL_HEIGHT, TALLEST = 12, 38, 300
INK, QUIET = "#1c2127", "#5c6470"


@dataclass(frozen=True)
class Node:
    """A bar of a column; its height follows from `value`."""

    key: str
    label: str
    value: Decimal
    note: str = ""
    tone: str = "ink"


@dataclass(frozen=True)
class Link:
    """A band between nodes of neighbouring columns, as thick as `value`."""

    source: str
    target: str
    value: Decimal


@dataclass(frozen=True)
class Frame:
    """How wide the picture is, and how much of that is kept on both sides for words."""

    css: str
    width: int
    margin: int
    label: int


WIDE = Frame("wide", 960, 180, 170)
NARROW = Frame("narrow", 360, 0, 165)


@dataclass(frozen=True)
class Placed:
    node: Node
    x: float
    y: float
    height: float


def flow_picture(columns: Sequence[Sequence[Node]], links: Sequence[Link], title: str) -> SafeString:
    """Money from the left column to the right one. One scale for all: half the money, half the height."""
    columns = [[node for node in column if node.value > 0] for column in columns]
    frames = (WIDE, NARROW) if len(columns) == 2 else (WIDE,)
    return format_html_join("", "{}", ((_drawn(columns, links, title, frame),) for frame in frames))


def _drawn(columns: Sequence[Sequence[Node]], links: Sequence[Link], title: str, frame: Frame) -> SafeString:
    scale = _scale(columns)
    placed, height = _place(columns, scale, frame)
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}" font-family="sans-serif" font-size="{}">'
        '<g fill-opacity=".26">{}</g><g>{}</g><g>{}</g></svg>',
        frame.css,
        frame.width,
        _number(height),
        title,
        FONT_SIZE,
        _bands(links, placed, scale),
        _bars(placed.values()),
        _labels(columns, placed, frame),
    )


def _scale(columns: Sequence[Sequence[Node]]) -> float:
    """Pixels for one yuan: the largest column is as tall as `TALLEST`."""
    largest = max((sum((node.value for node in column), Decimal(0)) for column in columns), default=Decimal(0))
    return TALLEST / float(largest) if largest else 0.0


def _place(columns: Sequence[Sequence[Node]], scale: float, frame: Frame) -> tuple[dict[str, Placed], float]:
    placed: dict[str, Placed] = {}
    bottom = float(TOP)
    step = (frame.width - 2 * frame.margin - NODE_WIDTH) / max(len(columns) - 1, 1)
    for index, column in enumerate(columns):
        y = float(TOP)
        for node in column:
            tall = float(node.value) * scale
            placed[node.key] = Placed(node, frame.margin + index * step, y, tall)
            y += max(tall, LABEL_HEIGHT) + SPACE
        bottom = max(bottom, y)
    return placed, bottom


def _bands(links: Sequence[Link], placed: dict[str, Placed], scale: float) -> SafeString:
    used: dict[str, float] = defaultdict(float)
    bands = []
    for link in links:
        if link.value <= 0:
            continue
        source, target, thick = placed[link.source], placed[link.target], float(link.value) * scale
        left, right = source.x + NODE_WIDTH, target.x
        upper = source.y + used[link.source + ">"]
        lower = target.y + used[">" + link.target]
        used[link.source + ">"] += thick
        used[">" + link.target] += thick
        middle = (left + right) / 2
        shape = (
            f"M{_number(left)} {_number(upper)}"
            f"C{_number(middle)} {_number(upper)} {_number(middle)} {_number(lower)} {_number(right)} {_number(lower)}"
            f"v{_number(thick)}"
            f"C{_number(middle)} {_number(lower + thick)} {_number(middle)} {_number(upper + thick)} "
            f"{_number(left)} {_number(upper + thick)}z"
        )
        bands.append((TONES[source.node.tone], shape))
    return format_html_join("", '<path fill="{}" d="{}"/>', bands)


def _bars(placed: object) -> SafeString:
    return format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
        (
            (_number(bar.x), _number(bar.y), NODE_WIDTH, _number(bar.height), TONES[bar.node.tone])
            for bar in placed  # type: ignore[attr-defined]
        ),
    )


def _labels(columns: Sequence[Sequence[Node]], placed: dict[str, Placed], frame: Frame) -> SafeString:
    """Words stand outside of the outer columns, or, where there is no room beside them, inside on the bands."""
    rows = []
    for index, column in enumerate(columns):
        for node in column:
            bar = placed[node.key]
            is_left = (index == 0) == bool(frame.margin)
            x = bar.x - 8 if is_left else bar.x + NODE_WIDTH + 8
            middle = bar.y + min(max(bar.height, LABEL_HEIGHT) / 2, bar.height / 2 + LABEL_HEIGHT / 2) - 4
            anchor = "end" if is_left else "start"
            rows.append((_number(x), _number(middle), anchor, INK, FONT_SIZE, _short(node.label, frame.label)))
            rows.append((_number(x), _number(middle + 17), anchor, QUIET, 13, node.note))
    return format_html_join("", '<text x="{}" y="{}" text-anchor="{}" fill="{}" font-size="{}">{}</text>', rows)


def _short(text: str, room: int) -> str:
    """What fits beside a bar; the table has the whole name. A Chinese character is as wide as it is tall."""
    widths = [FONT_SIZE if character > "\u2e80" else FONT_SIZE * 0.56 for character in text]
    if sum(widths) <= room:
        return text
    kept = next(count for count in range(len(text), -1, -1) if sum(widths[:count]) + FONT_SIZE <= room)
    return text[:kept] + "…"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
