"""Page types of the portal."""

from .editorial import GuidePage, HomePage, SectionPage
from .notices import NoticeIndexPage, NoticePage
from .stories import ProjectStoryPage, StoryIndexPage

__all__ = [
    "GuidePage",
    "HomePage",
    "NoticeIndexPage",
    "NoticePage",
    "ProjectStoryPage",
    "SectionPage",
    "StoryIndexPage",
]
