"""One project from need to evaluation, for its public page: only what has been published or disclosed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q

from marketplace.audit.models import Head
from marketplace.audit.selectors import PublicEntry, history
from marketplace.contracts.rules.privacy import masked_name, masked_text
from marketplace.documents.models import Document
from marketplace.funds.models import FundKind
from marketplace.procurement.models import Award, AwardStatus, Tender, TenderStatus
from marketplace.publication.models import NoticeSnapshot

from ..actions import LANDMARKS, label_of
from ..models import HistoricalCall, HistoricalProject, HistoricalShare
from ..scores import ScoreTable, score_table
from ..steps import project_steps
from . import projects
from .performance import Performed, evaluations_of, milestones_of
from .projects import ProjectRow


@dataclass(kw_only=True)
class Part(Performed):
    """One awarded lot: the winner, why, the contract and what came of it."""

    award: Award

    @cached_property
    def scores(self) -> ScoreTable | None:
        return score_table(self.award.public_data) if self.award.public_data else None

    @property
    def amount(self) -> Decimal:
        return self.contract.amount if self.contract else self.award.bid.price or Decimal(0)

    @property
    def contact(self) -> str:
        """Whom to ask: the surname and the office's phone (R-LOT-05, R-PUB-02)."""
        body = self.award.bid.body
        return " ".join(filter(None, (masked_name(body.contact_name), masked_text(body.contact_phone))))


@dataclass
class Project:
    """A tender with at least one award, and everything public about it."""

    tender: Tender
    parts: list[Part]
    notices: list[NoticeSnapshot]
    entries: list[PublicEntry]
    documents: list[Document]
    head: Head | None

    @property
    def is_lottery(self) -> bool:
        return self.tender.item.budget_line.fund.kind == FundKind.LOTTERY

    @property
    def has_scores(self) -> bool:
        return any(part.scores for part in self.parts)

    @property
    def timeline(self) -> list[dict[str, Any]]:
        """What happened, newest first; a notice's entry leads to its page."""
        pages = {f"publication.noticesnapshot:{notice.pk}": notice for notice in self.notices}
        return [event for entry in reversed(self.entries) if (event := event_of(entry, pages))]

    @property
    def steps(self) -> list[dict[str, Any]]:
        return project_steps(self.notices, self.parts)


def event_of(entry: PublicEntry, pages: dict[str, NoticeSnapshot]) -> dict[str, Any] | None:
    notice = pages.get(entry.subject) if entry.action == "notice.published" else None
    if notice:
        title: Any = f"{notice.get_kind_display()}"
        return {"at": entry.time, "title": title, "url": notice.get_absolute_url(), "number": entry.number}
    title = label_of(entry.action) if entry.action in LANDMARKS else ""
    return {"at": entry.time, "title": title, "url": "", "number": entry.number} if title else None


def project(number: str) -> Project | None:
    """The project in ten queries, whatever its size; None where nothing has been awarded."""
    awards = awards_of(number)
    if not awards:
        return None
    tender = awards[0].lot.tender
    notices = list(NoticeSnapshot.objects.filter(project_number=number).order_by("published_at", "pk"))
    parts = parts_of(awards)
    snapshots = {notice.pk: notice for notice in notices}
    for part in parts:
        part.acceptances = snapshots
        part.evaluation_notice = snapshots.get(part.evaluation.snapshot_id or 0) if part.evaluation else None
    return Project(
        tender=tender,
        parts=parts,
        notices=notices,
        entries=history(number),
        documents=public_documents(tender, parts, notices),
        head=Head.objects.last(),
    )


def awards_of(number: str) -> list[Award]:
    """The standing awards of a published tender, with everything about it."""
    return list(
        Award.objects.filter(
            lot__tender__number=number, lot__tender__status=TenderStatus.PUBLISHED, status=AwardStatus.PUBLISHED
        )
        .select_related(
            "lot__tender__buyer",
            "lot__tender__agency",
            "lot__tender__item__budget_line__fund",
            "bid__body__organization",
        )
        .defer("bid__manifest", "bid__contents")
        .order_by("lot__position")
    )


def parts_of(awards: list[Award]) -> list[Part]:
    """Contracts with their milestones, payments, reports, photos and evaluations: five queries for all lots."""
    contracts = Q(contract__award__in=awards)
    milestones = milestones_of(contracts)
    evaluations = evaluations_of(contracts)
    own = {stones[0].contract.award_id: stones for stones in milestones.values()}
    found = []
    for award in awards:
        stones = own.get(award.pk, [])
        contract = stones[0].contract if stones else None
        evaluation = evaluations.get(contract.pk) if contract else None
        found.append(Part(award=award, contract=contract, milestones=stones, evaluation=evaluation))
    return found


def public_documents(tender: Tender, parts: list[Part], notices: list[NoticeSnapshot]) -> list[Document]:
    """Files that are public by themselves: of the tender, its lots, contracts, evaluations, and notices' PDFs."""
    subjects = [f"procurement.tender:{tender.pk}"]
    subjects += [f"publication.noticesnapshot:{notice.pk}" for notice in notices]
    for part in parts:
        subjects += [f"procurement.lot:{part.award.lot_id}", f"procurement.award:{part.award.pk}"]
        subjects += [f"contracts.contract:{part.contract.pk}"] if part.contract else []
        subjects += [f"contracts.evaluation:{part.evaluation.pk}"] if part.evaluation else []
    found: dict[tuple[str, str, str], Document] = {}
    rows = Document.objects.filter(subject__in=subjects, is_public=True).select_related("file").order_by("version")
    for document in rows:
        found[(document.subject, document.kind, document.title)] = document
    return list(found.values())


def historical(number: str) -> ProjectRow | None:
    row = projects.past().filter(number=number).values_list(*projects.COLUMNS).first()
    return ProjectRow(*row) if row else None


def call_of(number: str) -> tuple[HistoricalCall, list[HistoricalShare]] | None:
    """The earlier call that funded a project of the time before, and what each pot paid."""
    row = HistoricalProject.objects.filter(number=number).exclude(call=None).select_related("call").first()
    return (row.call, list(row.shares.select_related("pot"))) if row is not None and row.call is not None else None


def is_published(number: str) -> bool:
    return Tender.objects.public().filter(number=number).exists()


def award_file(number: str, position: int) -> dict[str, Any] | None:
    award = Award.objects.filter(
        lot__tender__number=number, lot__position=position, status=AwardStatus.PUBLISHED
    ).first()
    return award.public_data if award else None
