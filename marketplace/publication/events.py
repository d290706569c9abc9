from dataclasses import dataclass


@dataclass(frozen=True)
class NoticePublished:
    """A snapshot has been frozen; `cms` makes its page, `documents` its PDF, `notifications` tells people."""

    snapshot_id: int
