from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    name = "marketplace.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        if settings.MARKETPLACE_DEMO:
            from .hints import register_all

            register_all()
