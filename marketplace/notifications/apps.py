from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "marketplace.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from marketplace.people import operations
        from marketplace.web import inbox

        from .failures import SOURCE
        from .handlers import subscribe_all
        from .models import Message

        operations.register(SOURCE)
        subscribe_all()
        inbox.register(lambda actor: Message.objects.filter(user_id=actor.user_id, read_at=None).count())
