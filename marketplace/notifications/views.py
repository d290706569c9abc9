"""The inbox."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.web.views import ActionView, ActorPage, or_404

from .models import Message
from .services import mark_all_read, mark_read

PAGE_SIZE = 30


class Inbox(ActorPage):
    """All messages of the person, unread first on demand."""

    template_name = "notifications/message_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        messages = Message.objects.filter(user_id=self.actor.user_id)
        only_unread = self.request.GET.get("show") == "unread"
        shown = messages.filter(read_at=None) if only_unread else messages
        page = Paginator(shown, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page=page, only_unread=only_unread, unread=messages.filter(read_at=None).count(), **kwargs
        )


class OpenMessage(ActionView):
    """Reading a message: marks it and goes to what it is about."""

    def perform(self) -> Message:
        return or_404(lambda: mark_read(actor=self.actor, message_id=self.kwargs["pk"]))

    def get_success_url(self) -> str:
        return self.result.url or reverse("notifications:inbox")


class ReadAll(ActionView):
    success_message = _("All messages are marked as read.")

    def perform(self) -> int:
        return mark_all_read(actor=self.actor)

    def get_success_url(self) -> str:
        return reverse("notifications:inbox")
