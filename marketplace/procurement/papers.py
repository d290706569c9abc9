"""Papers of the review as PDF: the report that members sign, the award letter, the letter on the result."""

from __future__ import annotations

from typing import Any

from marketplace.documents.generation import Blueprint, latest_document
from marketplace.publication.models import NoticeKind, NoticeSnapshot

from .models import BidStatus, Letter, Lot, MemberKind, PriceQuery, ScoreCorrection
from .selectors.award import ranked
from .selectors.review import leaf_criteria, opened_bids, seated
from .selectors.score_tables import letter_rows, member_tables, outlier_rows
from .services.notice_parts import full_title


def review_report(lot: Lot) -> Blueprint:
    """R-EVAL-22: notice, bidders, members, method, record with invalid bids and why, ranking, other matters."""
    tender = lot.tender
    bids = list(opened_bids(lot).select_related("result"))
    criteria = leaf_criteria(tender)
    context = {
        "title": "评审报告",
        "number": lot.number,
        "lot": lot,
        "full_title": full_title(lot),
        "tender": tender,
        "review": lot.review,
        "notice": NoticeSnapshot.objects.filter(project_number=tender.number, kind=NoticeKind.TENDER).first(),
        "opening": getattr(lot, "opening", None),
        "bids": bids,
        "invalid": [bid for bid in bids if bid.status != BidStatus.VALID],
        "ranked": ranked(lot),
        "experts": [m for m in seated(lot) if m.kind == MemberKind.EXPERT],
        "representatives": [m for m in seated(lot) if m.kind == MemberKind.BUYER],
        "criteria": criteria,
        "tables": member_tables(lot, ranked(lot), criteria),
        "queries": PriceQuery.objects.filter(bid__lot=lot).select_related("bid", "bid__body").order_by("pk"),
        "corrections": ScoreCorrection.objects.filter(score__bid__lot=lot)
        .select_related("score__criterion", "score__bid", "score__sheet__member")
        .order_by("pk"),
        "outliers": outlier_rows(lot, criteria),
    }
    return Blueprint("documents/review_report.html", context, f"评审报告 {lot.number}")


def review_signatures(lot: Lot) -> Blueprint:
    """The page of signatures: made when the signing ends, since what is signed cannot hold its own signatures."""
    report = latest_document("review_report", lot)
    signed = {row.user_id: row for row in report.signatures.all()} if report else {}
    rows = [(member, signed.get(member.user_id)) for member in seated(lot)]
    context = {
        "title": "评审报告签署页",
        "number": lot.number,
        "lot": lot,
        "full_title": full_title(lot),
        "tender": lot.tender,
        "review": lot.review,
        "report": report,
        "rows": rows,
        "dissents": any(member.dissent for member, _signature in rows),
    }
    return Blueprint("documents/review_signatures.html", context, f"评审报告签署页 {lot.number}")


def award_letter(letter: Letter) -> Blueprint:
    return Blueprint(
        "documents/award_letter.html", _letter(letter, "中标通知书"), f"中标通知书 {letter.award.lot.number}"
    )


def result_letter(letter: Letter) -> Blueprint:
    context = _letter(letter, "采购结果告知书") | {"rows": letter_rows(letter.bid)}
    return Blueprint("documents/result_letter.html", context, f"采购结果告知书 {letter.award.lot.number}")


def _letter(letter: Letter, title: str) -> dict[str, Any]:
    lot = letter.award.lot
    return {
        "title": title,
        "number": lot.number,
        "letter": letter,
        "lot": lot,
        "full_title": full_title(lot),
        "tender": lot.tender,
        "award": letter.award,
        "addressee": letter.bid.body.name,
    }
