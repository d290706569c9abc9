"""Production settings refuse to start half configured."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
COMPLETE = {
    "SECRET_KEY": "k9" * 30,
    "ALLOWED_HOSTS": "yizhao.example.org",
    "MARKETPLACE_BASE_URL": "https://yizhao.example.org",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
    "DATABASE_URL": "postgresql://user:password@db.example.org/yizhao",
}
SHOWN = ["SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "DEBUG", "CSRF_TRUSTED_ORIGINS", "WHITENOISE_USE_FINDERS"]


def start(tmp_path: Path, **changes: str | None) -> subprocess.CompletedProcess[str]:
    given = {name: value for name, value in {**COMPLETE, **changes}.items() if value is not None}
    environment = {"PATH": os.environ["PATH"], "MARKETPLACE_VAR": str(tmp_path), **given}
    show = f"import marketplace.settings.production as s; print([getattr(s, name) for name in {SHOWN}])"
    command = [sys.executable, "-c", show]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_starts_when_complete(tmp_path):
    done = start(tmp_path)
    assert done.stdout.strip() == "[True, 31536000, False, ['https://yizhao.example.org'], False]", done.stderr


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY: set at least 50"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY: set at least 50"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS: name the hosts"),
        ({"ALLOWED_HOSTS": "*"}, "«*» would accept"),
        ({"MARKETPLACE_BASE_URL": "http://yizhao.example.org"}, "beginning with https://"),
        ({"EMAIL_URL": None}, "EMAIL_URL: without mail"),
        ({"MARKETPLACE_DEMO": "1"}, "demo logins are public"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_refuses_to_start(tmp_path, changes, sentence):
    done = start(tmp_path, **changes)
    assert done.returncode == 1
    assert "ImproperlyConfigured" in done.stderr and sentence in done.stderr
