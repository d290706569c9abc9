from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    label = "cms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from marketplace.core.events import subscribe
        from marketplace.publication.events import NoticePublished
        from marketplace.transparency.selectors.grants import told_beside

        from .handlers import create_notice_page
        from .stories import story_slug

        subscribe(NoticePublished, create_notice_page)
        told_beside["story_slug"] = story_slug
