"""Settings of the worker that a test starts: the test's database, the real queue."""

import os

from marketplace.settings.test import *  # noqa: F403
from marketplace.settings.test import DATABASES

DATABASES["default"].update({key: os.environ[f"TEST_{key}"] for key in ("NAME", "HOST", "PORT", "USER")})
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
