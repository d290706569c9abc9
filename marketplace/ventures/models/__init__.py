"""Venture calls and their application forms."""

from .call import (
    Briefing,
    BriefingSeat,
    Call,
    CallFaq,
    CallFunder,
    CallKind,
    CallLevel,
    CallPot,
    CallQuestion,
    CallRule,
    CallStatus,
    CallStep,
    CallTheme,
    CallTranche,
    TrancheStage,
)
from .form import BlockKind, CostKind, Criterion, FormBlock, FormVersion
from .paper import CallPaper, CallPaperChange, CallPaperStatus, PaperKind

__all__ = [
    "BlockKind",
    "Briefing",
    "BriefingSeat",
    "Call",
    "CallFaq",
    "CallFunder",
    "CallKind",
    "CallLevel",
    "CallPaper",
    "CallPaperChange",
    "CallPaperStatus",
    "CallPot",
    "CallQuestion",
    "CallRule",
    "CallStatus",
    "CallStep",
    "CallTheme",
    "CallTranche",
    "CostKind",
    "CostKind",
    "Criterion",
    "FormBlock",
    "FormVersion",
    "PaperKind",
    "TrancheStage",
]
