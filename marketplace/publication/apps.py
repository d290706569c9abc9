from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "marketplace.publication"
    label = "publication"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .documents import register_all

        register_all()
