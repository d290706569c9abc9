"""What happens to a call, as news for the rooms above. Ids only: who reacts reads."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class CallSubmitted:
    """Waits for the second officer, and for the joint funders who have not confirmed."""

    call_id: int


@dataclass(frozen=True)
class CallConfirmed:
    """A joint funder agrees."""

    funder_id: int


@dataclass(frozen=True)
class CallReturned:
    call_id: int


@dataclass(frozen=True)
class CallPublished:
    call_id: int


@dataclass(frozen=True)
class CallClosed:
    """The deadline has passed: the pre-review begins."""

    call_id: int


@dataclass(frozen=True)
class CallPaperSubmitted:
    """A correction or a termination waits for the second officer."""

    paper_id: int


@dataclass(frozen=True)
class CallPaperReturned:
    paper_id: int


@dataclass(frozen=True)
class CallCorrected:
    """Texts were clarified or the deadline moved; whoever asked or signed up is told, applicants too."""

    paper_id: int


@dataclass(frozen=True)
class CallTerminated:
    paper_id: int


@dataclass(frozen=True)
class CallQuestionAsked:
    question_id: int


@dataclass(frozen=True)
class CallQuestionAnswered:
    question_id: int


@dataclass(frozen=True)
class SeatTaken:
    seat_id: int


@dataclass(frozen=True)
class BriefingAdded:
    briefing_id: int


@dataclass(frozen=True)
class BriefingCancelled:
    briefing_id: int


@dataclass(frozen=True)
class ApplicationSubmitted:
    """A version was handed in: the first, a replacement, or a correction. Told to the applicant alone before the
    closing."""

    version_id: int


@dataclass(frozen=True)
class ApplicationImproved:
    """An improved version was handed in while the application is coached."""

    version_id: int


@dataclass(frozen=True)
class ApplicationWithdrawn:
    application_id: uuid.UUID


@dataclass(frozen=True)
class ApplicationDeadlineNear:
    """An unfinished draft, some days before the deadline of its call."""

    reminder_id: int


@dataclass(frozen=True)
class PreReviewDecided:
    """Passed, to be corrected, or not passed."""

    prereview_id: int


@dataclass(frozen=True)
class CorrectionLapsed:
    """No correction came in time: the application is out."""

    application_id: uuid.UUID


@dataclass(frozen=True)
class PanelInvited:
    member_id: int


@dataclass(frozen=True)
class PanelAnswered:
    member_id: int


@dataclass(frozen=True)
class ScoringBegun:
    """Every reviewer has applications to score."""

    assessment_id: int


@dataclass(frozen=True)
class ReviewReassigned:
    review_id: int


@dataclass(frozen=True)
class ScoresDue:
    """The day for the scores comes near and a member has open reviews."""

    member_id: int


@dataclass(frozen=True)
class DefenceDrawn:
    day_id: int


@dataclass(frozen=True)
class MentorAssigned:
    mentorship_id: int


@dataclass(frozen=True)
class DecisionProposed:
    assessment_id: int


@dataclass(frozen=True)
class DecisionReturned:
    assessment_id: int


@dataclass(frozen=True)
class ResultDisplayed:
    assessment_id: int


@dataclass(frozen=True)
class ResultObjected:
    objection_id: int


@dataclass(frozen=True)
class ObjectionToResultAnswered:
    objection_id: int


@dataclass(frozen=True)
class GrantConfirmed:
    """The display is over: grants stand, with their shares by pot; agreements can be made from them."""

    call_id: int
    grant_ids: tuple[int, ...]
