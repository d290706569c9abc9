from django.apps import AppConfig


class VenturesConfig(AppConfig):
    name = "marketplace.ventures"
    label = "ventures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .areas import connect

        connect()
