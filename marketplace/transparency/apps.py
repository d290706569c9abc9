from django.apps import AppConfig


class TransparencyConfig(AppConfig):
    name = "marketplace.transparency"
    label = "transparency"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from marketplace.organizations import sections
        from marketplace.ventures import sections as call_sections

        from . import handlers, likeness
        from .call_section import funded_section
        from .organization_section import projects_section

        sections.register(projects_section)
        call_sections.register(funded_section)
        handlers.subscribe_all()
        likeness.connect()
