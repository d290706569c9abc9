"""What an auditor may record a finding on: upper rooms say how a key or a project number becomes a subject."""

from __future__ import annotations

from collections.abc import Callable

from marketplace.accounts.models import Body
from marketplace.accounts.services.findings import FindingSubject

ByKey = Callable[[int], FindingSubject | None]
ByNumber = Callable[[str], FindingSubject | None]
_by_label: dict[str, ByKey] = {}
_by_number: list[ByNumber] = []


def register(label: str, source: ByKey) -> None:
    """How an object of a model (`procurement.tender`) becomes a subject."""
    _by_label[label] = source


def register_project(source: ByNumber) -> None:
    """How a project's number becomes a subject."""
    if source not in _by_number:
        _by_number.append(source)


def find(key: str) -> FindingSubject | None:
    label, _colon, pk = key.partition(":")
    source = _by_label.get(label)
    return source(int(pk)) if source and pk.isdigit() else None


def find_project(number: str) -> FindingSubject | None:
    found = (source(number) for source in _by_number)
    return next((subject for subject in found if subject is not None), None)


def of_body(body: Body) -> FindingSubject:
    return FindingSubject(key=f"accounts.body:{body.pk}", title=body.name, body_id=body.pk)


def body_by_key(pk: int) -> FindingSubject | None:
    body = Body.objects.filter(pk=pk).first()
    return of_body(body) if body else None
