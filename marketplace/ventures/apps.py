from django.apps import AppConfig


class VenturesConfig(AppConfig):
    name = "marketplace.ventures"
    label = "ventures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import areas, handlers

        areas.connect()
        handlers.connect()
