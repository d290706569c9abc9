from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    name = "marketplace.procurement"
    label = "procurement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import findings
        from .handlers import connect

        connect()
        findings.register_all()
