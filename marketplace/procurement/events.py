"""What happens in a procurement, as news for the rooms above and for each other. Ids only: who reacts reads."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TenderSubmitted:
    tender_id: int


@dataclass(frozen=True)
class TenderReturned:
    tender_id: int


@dataclass(frozen=True)
class TenderPublished:
    tender_id: int


@dataclass(frozen=True)
class CorrectionPublished:
    """Documents were changed; every taker is to be told. The deadline may have moved."""

    correction_id: int


@dataclass(frozen=True)
class TenderTerminated:
    tender_id: int


@dataclass(frozen=True)
class QuestionAsked:
    question_id: int


@dataclass(frozen=True)
class QuestionAnswered:
    """Every taker is to be told, without the asker's name."""

    question_id: int


@dataclass(frozen=True)
class PaperSubmitted:
    """A correction or a termination (`noun`) waits for the second officer."""

    noun: str
    pk: int


@dataclass(frozen=True)
class DeadlineNear:
    """A day is left for bids; told to all takers."""

    tender_id: int


@dataclass(frozen=True)
class AnswerDueSoon:
    """A day is left to answer (R-OBJ-01)."""

    question_id: int


@dataclass(frozen=True)
class ExtensionOffered:
    """The period for documents ended with fewer than three takers (R-TENDER-04); told to the officers."""

    tender_id: int


@dataclass(frozen=True)
class IntentionMatured:
    """Thirty days have passed since the intention (R-PLAN-03): the tender may begin without a reason."""

    intention_id: int


@dataclass(frozen=True)
class BidSubmitted:
    """Only the bidder's own people may be told before the opening."""

    bid_id: int


@dataclass(frozen=True)
class BidWithdrawn:
    """Only the bidder's own people may be told before the opening."""

    bid_id: int


@dataclass(frozen=True)
class LotClosed:
    """Enough bids: the custodians are asked for their shares."""

    lot_id: int


@dataclass(frozen=True)
class LotVoided:
    """Fewer bids than needed: envelopes stay closed, every bidder is told why, a re-tender is offered."""

    lot_id: int


@dataclass(frozen=True)
class LotOpened:
    """The read-out is there; bidders have 30 minutes to confirm or object."""

    lot_id: int


@dataclass(frozen=True)
class OpeningStatementMade:
    """A bidder confirmed or objected; an objection is answered at once (R-OPEN-04)."""

    statement_id: int


@dataclass(frozen=True)
class OpeningClosed:
    """The minutes are fixed; the eligibility check may begin."""

    lot_id: int


@dataclass(frozen=True)
class ExpertsImported:
    """New experts of the register; those without a password are to be invited by mail."""

    expert_ids: tuple[int, ...]


@dataclass(frozen=True)
class MembersInvited:
    """Experts or the buyer's representatives are asked to take a seat."""

    member_ids: tuple[int, ...]


@dataclass(frozen=True)
class MemberReplaced:
    """A seat is free again: declined, withdrawn for a conflict, or missing."""

    member_id: int


@dataclass(frozen=True)
class EligibilityConcluded:
    lot_id: int


@dataclass(frozen=True)
class ReviewStarted:
    lot_id: int


@dataclass(frozen=True)
class PriceQueried:
    """A bidder is asked to explain a low price; the answer is due soon."""

    query_id: int


@dataclass(frozen=True)
class PriceQueryAnswered:
    query_id: int


@dataclass(frozen=True)
class ScoresToCorrect:
    """All sheets are in, but objective scores differ: members correct them."""

    lot_id: int


@dataclass(frozen=True)
class LotConsolidated:
    """The report is there; every member signs it."""

    lot_id: int


@dataclass(frozen=True)
class LotReviewed:
    """The signed report is with the buyer."""

    lot_id: int


@dataclass(frozen=True)
class FirstCandidateDeemed:
    """The buyer let the time pass: the first candidate counts as chosen (R-AWARD-03)."""

    lot_id: int


@dataclass(frozen=True)
class AwardProposed:
    award_id: int


@dataclass(frozen=True)
class AwardReturned:
    award_id: int


@dataclass(frozen=True)
class LotAwarded:
    award_id: int


@dataclass(frozen=True)
class AwardEnded:
    """Refused by the winner or annulled: the next candidate follows."""

    award_id: int


@dataclass(frozen=True)
class ObjectionSubmitted:
    objection_id: int


@dataclass(frozen=True)
class ObjectionDecided:
    """Accepted for an answer, or not accepted."""

    objection_id: int


@dataclass(frozen=True)
class ObjectionAnswered:
    objection_id: int


@dataclass(frozen=True)
class HoldLifted:
    objection_id: int


@dataclass(frozen=True)
class TenderSuspended:
    suspension_id: int


@dataclass(frozen=True)
class SuspensionLifted:
    suspension_id: int


@dataclass(frozen=True)
class ExtensionProposed:
    """After an outage an officer proposes a new deadline; the supervisors are asked."""

    extension_id: int
