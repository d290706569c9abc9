from django.apps import AppConfig


class SponsorshipConfig(AppConfig):
    name = "marketplace.sponsorship"
    label = "sponsorship"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .areas import connect
        from .documents import register_all
        from .handlers import subscribe_all

        connect()
        register_all()
        subscribe_all()
