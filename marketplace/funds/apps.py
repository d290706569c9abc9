from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "marketplace.funds"
    label = "funds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from marketplace.web import navigation

        from .areas import areas

        navigation.register(areas)
