"""Form fields of the kernel's values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .exceptions import MarketplaceError
from .money import parse_amount


class YuanField(forms.CharField):
    """An amount in yuan as people type it; gives a Decimal with two places, or None when empty and not required."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"positive": _("The amount must be greater than 0.")}

    def __init__(self, *, allow_zero: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.allow_zero = allow_zero

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, Decimal):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_amount(text)
        except MarketplaceError as error:
            raise ValidationError(str(error)) from error

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and value == 0 and not self.allow_zero:
            raise ValidationError(self.error_messages["positive"], code="positive")

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,.2f}" if isinstance(value, Decimal) else value
