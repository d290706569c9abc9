"""Page types of the portal."""

from .editorial import GuidePage, HomePage, SectionPage
from .notices import NoticeIndexPage, NoticePage

__all__ = ["GuidePage", "HomePage", "NoticeIndexPage", "NoticePage", "SectionPage"]
