"""Putting kept entries back into the HTML of the page they came from: works for any form, however it is built."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from .kept_forms import NEVER_KEPT, Entries

UNTOUCHED_TYPES = frozenset({"submit", "button", "reset", "image", "file", "password"})


@dataclass
class Refilled:
    """The page with the entries in it, and those that found no field."""

    html: str
    left_over: dict[str, list[str]] = field(default_factory=dict)
    is_filled: bool = False


def refill(html: str, entries: Entries) -> Refilled:
    soup = BeautifulSoup(html, "html.parser")
    form = _form_for(soup, entries)
    if form is None:
        return Refilled(html, entries.data)
    found = _fill(form, entries.data)
    left_over = {name: values for name, values in entries.data.items() if name not in found and any(values)}
    return Refilled(str(soup), left_over, True)


def _form_for(soup: BeautifulSoup, entries: Entries) -> Tag | None:
    """The posting form of that address that shares the most names with the entries."""
    page = urlsplit(entries.page).path
    candidates = [
        form
        for form in soup.find_all("form")
        if text_of(form, "method").lower() == "post"
        and (urlsplit(text_of(form, "action")).path or page) == entries.path
    ]
    scored = [(len(_names(form) & entries.data.keys()), form) for form in candidates]
    best = max(scored, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] else None


def text_of(tag: Tag, name: str, default: str = "") -> str:
    """An attribute as text; Beautiful Soup gives lists for some."""
    value = tag.get(name)
    return default if value is None else str(value)


def _controls(form: Tag) -> list[Tag]:
    """Fields inside the form, and those elsewhere that name it by `form=`."""
    inside = form.find_all(["input", "textarea", "select"])
    root = form.find_parents()[-1] if form.get("id") else None
    outside = root.find_all(["input", "textarea", "select"], attrs={"form": form["id"]}) if root else []
    return [*inside, *outside]


def _names(form: Tag) -> set[str]:
    return {text_of(control, "name") for control in _controls(form)} - {""}


def _fill(form: Tag, data: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    rest = {name: list(values) for name, values in data.items()}
    for control in _controls(form):
        name, kind = text_of(control, "name"), text_of(control, "type", "text").lower()
        if not name or name in NEVER_KEPT or kind in UNTOUCHED_TYPES:
            continue
        found.add(name)
        if kind in ("checkbox", "radio"):
            _mark(control, "checked", text_of(control, "value", "on") in data.get(name, []))
        elif name in data:
            _set(control, rest[name], data[name])
    return found | {name for name in data if name in _button_names(form)}


def _button_names(form: Tag) -> set[str]:
    return {text_of(button, "name") for button in form.find_all("button")}


def _set(control: Tag, rest: list[str], values: list[str]) -> None:
    if control.name == "select":
        for option in control.find_all("option"):
            _mark(option, "selected", text_of(option, "value", option.get_text()) in values)
        return
    value = rest.pop(0) if rest else ""
    if control.name == "textarea":
        control.string = "\n" + value
    else:
        control["value"] = value


def _mark(tag: Tag, attribute: str, is_on: bool) -> None:
    if is_on:
        tag[attribute] = ""
    elif attribute in tag.attrs:
        del tag[attribute]
