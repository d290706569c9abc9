from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    label = "cms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from marketplace.core.events import subscribe
        from marketplace.publication.events import NoticePublished

        from .handlers import create_notice_page

        subscribe(NoticePublished, create_notice_page)
