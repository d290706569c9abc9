"""The PDFs of the room, and who may read its files: contract, its public text, evaluation draft and report."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.documents import access
from marketplace.documents.generation import Blueprint, register
from marketplace.documents.models import Document, StoredFile
from marketplace.funds.rules.purposes import SIGN_TEXT

from .models import ChangeRequest, Contract, Disbursement, Evaluation, PerformanceReport
from .rules.privacy import masked_name, masked_text
from .selectors import parts_of
from .services.disbursement import check_label


def register_all() -> None:
    register("contract", contract_pdf)
    register("contract_public", contract_public_pdf)
    register("contract_supplement", contract_supplement_pdf)
    register("disbursement_voucher", disbursement_voucher_pdf)
    register("evaluation_draft", evaluation_draft_pdf)
    register("evaluation_report", evaluation_report_pdf)
    access.register_subject("contracts.contract", can_read_contract_document)
    access.register_subject("contracts.changerequest", can_read_supplement)
    access.register_subject("contracts.disbursement", can_read_disbursement_document)
    access.register_subject("contracts.evaluation", can_read_evaluation_document)
    access.register_subject("contracts.performancereport", can_read_report_document)
    access.register_files(can_read_invoice)


# what the PDFs say


def _plain(text: str) -> str:
    return text


def _contract_context(contract: Contract, title: str, *, is_public: bool) -> dict[str, Any]:
    mask, mask_name = (masked_text, masked_name) if is_public else (_plain, _plain)
    return {
        "title": title,
        "number": contract.number,
        "contract": contract,
        "budget": list(contract.budget.prefetch_related("parts")),
        "shares": list(contract.shares.select_related("budget_line__fund")),
        "is_public": is_public,
        "parties": [
            (label, body.name, body.code, body.address, mask_name(body.contact_name), mask(body.contact_phone))
            for label, body in _parties(contract)
        ],
        "articles": [
            (label, [line for line in mask(text).splitlines() if line.strip()])
            for label, text in (
                (_("Service and requirements"), contract.service),
                (_("Quantity"), contract.quantity),
                (_("Quality and acceptance standard"), contract.quality),
                (_("Place of service"), contract.place),
            )
        ],
        "closing_articles": [
            (label, [line for line in mask(text).splitlines() if line.strip()])
            for label, text in (
                (_("Price and settlement"), contract.settlement),
                (_("Rights and duties"), contract.rights),
                (_("Breach and disputes"), contract.breach),
            )
        ],
        "bank_account": mask(contract.bank_account),
        "milestones": list(contract.milestones.all()),
        "sign_text": SIGN_TEXT if contract.is_lottery else "",
    }


def _parties(contract: Contract) -> tuple[tuple[str, Any], tuple[str, Any]]:
    if contract.is_grant:
        return (_("Party A (funder)"), contract.buyer), (_("Party B (organization)"), contract.supplier)
    return (_("Party A (buyer)"), contract.buyer), (_("Party B (supplier)"), contract.supplier)


def contract_pdf(contract: Contract) -> Blueprint:
    if contract.is_grant:
        title = _("Grant agreement: %(title)s") % {"title": contract.title}
    else:
        title = _("Government service purchase contract: %(title)s") % {"title": contract.title}
    return Blueprint("documents/contract.html", _contract_context(contract, title, is_public=False), title)


def contract_public_pdf(contract: Contract) -> Blueprint:
    """The published text: personal data and account numbers are cut (R-PUB-02)."""
    title = _("Contract (personal data masked): %(title)s") % {"title": contract.title}
    context = _contract_context(contract, title, is_public=True)
    return Blueprint("documents/contract.html", context, title, is_public=True)


def contract_supplement_pdf(change: ChangeRequest) -> Blueprint:
    """What an approved request changes in the agreement; published, so personal data are cut (R-PUB-02)."""
    title = _("Supplement %(number)s: %(title)s") % {"number": change, "title": change.contract.title}
    context = {
        "title": title,
        "number": change.contract.project_number,
        "contract": change.contract,
        "change": change,
        **{name: masked_text(getattr(change, name)) for name in ("before", "after", "reason", "opinion")},
    }
    return Blueprint("documents/supplement.html", context, title, is_public=True)


def disbursement_voucher_pdf(disbursement: Disbursement) -> Blueprint:
    """What finance takes to the bank and the auditor reads: request, comparison, two approvals, transfer."""
    contract = disbursement.milestone.contract
    title = _("Payment voucher %(number)s") % {"number": disbursement.number}
    context = {
        "title": title,
        "number": contract.project_number,
        "disbursement": disbursement,
        "milestone": disbursement.milestone,
        "contract": contract,
        "parts": parts_of(disbursement),
        "checks": [(check_label(check.code), check) for check in disbursement.checks.select_related("explained_by")],
        "approvals": list(disbursement.approvals.select_related("user")),
    }
    return Blueprint("documents/disbursement.html", context, title)


def _evaluation_context(evaluation: Evaluation, title: str, *, is_final: bool) -> dict[str, Any]:
    contract = evaluation.contract
    indicators = list(evaluation.indicators.all())
    reports = (
        PerformanceReport.objects.filter(milestone__contract=contract, status="accepted")
        .select_related("milestone")
        .order_by("milestone__position")
    )
    mask = masked_text if is_final else _plain
    return {
        "title": title,
        "number": contract.project_number,
        "contract": contract,
        "evaluation": evaluation,
        "is_final": is_final,
        "indicators": [(row.name, row.weight, row.score, mask(row.evidence)) for row in indicators],
        "full": sum((row.weight for row in indicators), Decimal(0)),
        "findings": mask(evaluation.findings).splitlines(),
        "answer": mask(evaluation.answer).splitlines(),
        "reply": mask(evaluation.reply_to_answer).splitlines(),
        "reports": list(reports),
    }


def evaluation_draft_pdf(evaluation: Evaluation) -> Blueprint:
    title = _("Draft evaluation report: %(title)s") % {"title": evaluation.contract.title}
    return Blueprint("documents/evaluation.html", _evaluation_context(evaluation, title, is_final=False), title)


def evaluation_report_pdf(evaluation: Evaluation) -> Blueprint:
    title = _("Third-party evaluation report: %(title)s") % {"title": evaluation.contract.title}
    context = _evaluation_context(evaluation, title, is_final=True)
    return Blueprint("documents/evaluation.html", context, title, is_public=True)


# who may read


def _key(document: Document) -> int:
    return int(access.subject_key(document))


def can_read_contract_document(actor: Actor, document: Document) -> bool:
    return Contract.objects.visible_to(actor).filter(pk=_key(document)).exists()


def can_read_supplement(actor: Actor, document: Document) -> bool:
    return Contract.objects.visible_to(actor).filter(changes=_key(document)).exists()


def can_read_disbursement_document(actor: Actor, document: Document) -> bool:
    return Disbursement.objects.visible_to(actor).filter(pk=_key(document)).exists()


def can_read_evaluation_document(actor: Actor, document: Document) -> bool:
    return Evaluation.objects.visible_to(actor).filter(pk=_key(document)).exists()


def can_read_report_document(actor: Actor, document: Document) -> bool:
    """Photos: the parties and the evaluator; everybody signed in once the report was accepted."""
    report = PerformanceReport.objects.filter(pk=_key(document)).first()
    return report is not None and visible_reports(actor).filter(pk=report.pk).exists()


def visible_reports(actor: Actor) -> Any:
    """Reports of contracts one may read; drafts only for the organization itself."""
    contracts = Contract.objects.visible_to(actor).values("pk")
    return PerformanceReport.objects.filter(milestone__contract__in=contracts).filter(
        ~Q(status="draft") | Q(milestone__contract__supplier_id=actor.body_id)
    )


def can_read_invoice(actor: Actor, file: StoredFile) -> bool:
    return Disbursement.objects.visible_to(actor).filter(invoice=file).exists()
