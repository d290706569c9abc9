from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "marketplace.organizations"
    label = "organizations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from marketplace.documents.access import register_files

        from . import areas
        from .access import can_read_evidence

        areas.register_all()
        register_files(can_read_evidence)
