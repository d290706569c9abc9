"""The sign-in form. Apart from `forms`, which the sign-in package reads while it defines its own."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):
    """The way to a new password stands beside the button, not between label and field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
