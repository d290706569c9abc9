from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "marketplace.contracts"
    label = "contracts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from marketplace.organizations import sections as organization_sections
        from marketplace.ventures import eligibility as venture_eligibility
        from marketplace.web import navigation

        from . import documents, eligibility, handlers, tasks
        from .areas import areas
        from .sections import evaluations_section

        handlers.subscribe_all()
        documents.register_all()
        tasks.register_all()
        navigation.register(areas)
        venture_eligibility.register(eligibility.unfinished)
        organization_sections.register(evaluations_section)
