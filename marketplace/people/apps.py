from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "marketplace.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import areas, subjects

        areas.register_all()
        subjects.register("accounts.body", subjects.body_by_key)
