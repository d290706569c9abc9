"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.dev")
application = get_wsgi_application()

from marketplace.operations.clock import resume_at_start  # noqa: E402  (models are ready only now)

resume_at_start()
