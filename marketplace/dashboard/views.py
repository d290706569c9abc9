"""The home of each role: what is due, what is in hand, what just happened, where everything is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.web import navigation, tasks
from marketplace.web.tasks import Urgency
from marketplace.web.views import ActorPage

from . import selectors

PRESSING = (Urgency.OVERDUE, Urgency.NOW)


class Home(ActorPage):
    template_name = "dashboard/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        due = tasks.tasks_for(self.actor)
        projects = selectors.projects_in_hand(self.actor)
        return super().get_context_data(
            greeting=greeting(clock.now().hour),
            pressing=[task for task in due if task.level in PRESSING],
            coming=[task for task in due if task.level not in PRESSING],
            areas=navigation.areas_for(self.actor),
            projects=projects,
            recent=selectors.recent_entries([project.number for project in projects]),
            **kwargs,
        )


def greeting(hour: int) -> str:
    if hour < 5 or hour >= 19:
        return _("Good evening")
    return _("Good morning") if hour < 12 else _("Good afternoon")
