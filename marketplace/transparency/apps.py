from django.apps import AppConfig


class TransparencyConfig(AppConfig):
    name = "marketplace.transparency"
    label = "transparency"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from marketplace.organizations import sections

        from . import handlers, likeness
        from .organization_section import projects_section

        sections.register(projects_section)
        handlers.subscribe_all()
        likeness.connect()
