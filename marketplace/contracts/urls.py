"""Addresses of the room, all in the workspace."""

from django.urls import path

from .views import agreement, contract, disbursement, evaluation, milestone

app_name = "contracts"
CONTRACTS, PAYMENTS, EVALUATIONS = "workspace/contracts/", "workspace/disbursements/", "workspace/evaluations/"
ONE, STONE = CONTRACTS + "<int:pk>/", CONTRACTS + "<int:pk>/milestones/<int:number>/"
CHANGE, PAYBACK = "workspace/contract-changes/<int:pk>/", "workspace/paybacks/<int:pk>/"
PAYMENT, EVALUATION = PAYMENTS + "<int:pk>/", EVALUATIONS + "<int:pk>/"

urlpatterns = [
    path(CONTRACTS, contract.ContractListView.as_view(), name="contract-list"),
    path(CONTRACTS + "start/<int:award>/", contract.ContractStartView.as_view(), name="contract-start"),
    path(CONTRACTS + "start/grant/<int:grant>/", contract.AgreementStartView.as_view(), name="agreement-start"),
    path(ONE, contract.ContractView.as_view(), name="contract-detail"),
    path(ONE + "edit/", contract.ContractEditView.as_view(), name="contract-edit"),
    path(ONE + "propose/", contract.ContractProposeView.as_view(), name="contract-propose"),
    path(ONE + "take-back/", contract.ContractTakeBackView.as_view(), name="contract-take-back"),
    path(ONE + "sign/", contract.ContractSignView.as_view(), name="contract-sign"),
    path(ONE + "scan/", contract.ContractScanView.as_view(), name="contract-scan"),
    path(ONE + "publish/", contract.ContractPublishView.as_view(), name="contract-publish"),
    path(ONE + "file/", contract.ContractFileView.as_view(), name="contract-file"),
    path(ONE + "evaluate/", evaluation.EvaluationAssignView.as_view(), name="evaluation-assign"),
    path(ONE + "changes/<slug:kind>/", agreement.ChangeAskView.as_view(), name="change-ask"),
    path(ONE + "audit/", agreement.AuditView.as_view(), name="audit-record"),
    path(ONE + "payback/", agreement.PaybackProposeView.as_view(), name="payback-propose"),
    path(CHANGE + "decide/", agreement.ChangeDecideView.as_view(), name="change-decide"),
    path(CHANGE + "confirm/", agreement.ChangeConfirmView.as_view(), name="change-confirm"),
    path(PAYBACK + "answer/", agreement.PaybackAnswerView.as_view(), name="payback-answer"),
    path(PAYBACK + "decide/", agreement.PaybackDecideView.as_view(), name="payback-decide"),
    path(PAYBACK + "receipt/", agreement.PaybackReceiptView.as_view(), name="payback-receipt"),
    path(STONE + "look/", agreement.StageLookView.as_view(), name="stage-look"),
    path(STONE + "fail/", agreement.StageFailView.as_view(), name="stage-fail"),
    path(STONE + "fail/decide/", agreement.StageDecideView.as_view(), name="stage-decide"),
    path(STONE, milestone.MilestoneView.as_view(), name="milestone-detail"),
    path(STONE + "report/", milestone.ReportView.as_view(), name="milestone-report"),
    path(STONE + "accept/", milestone.MilestoneAcceptView.as_view(), name="milestone-accept"),
    path(STONE + "return/", milestone.MilestoneReturnView.as_view(), name="milestone-return"),
    path(STONE + "payment/", disbursement.DisbursementRequestView.as_view(), name="disbursement-request"),
    path(PAYMENTS, disbursement.DisbursementListView.as_view(), name="disbursement-list"),
    path(PAYMENT, disbursement.DisbursementView.as_view(), name="disbursement-detail"),
    path(PAYMENT + "explain/<slug:code>/", disbursement.DisbursementExplainView.as_view(), name="disbursement-explain"),
    path(PAYMENT + "approve/", disbursement.DisbursementApproveView.as_view(), name="disbursement-approve"),
    path(PAYMENT + "return/", disbursement.DisbursementReturnView.as_view(), name="disbursement-return"),
    path(PAYMENT + "pay/", disbursement.DisbursementPayView.as_view(), name="disbursement-pay"),
    path(EVALUATIONS, evaluation.EvaluationListView.as_view(), name="evaluation-list"),
    path(EVALUATION, evaluation.EvaluationView.as_view(), name="evaluation-detail"),
    path(EVALUATION + "indicators/", evaluation.IndicatorsView.as_view(), name="evaluation-indicators"),
    path(EVALUATION + "declare/", evaluation.DeclareView.as_view(), name="evaluation-declare"),
    path(EVALUATION + "decline/", evaluation.DeclineView.as_view(), name="evaluation-decline"),
    path(EVALUATION + "score/", evaluation.ScoreView.as_view(), name="evaluation-score"),
    path(EVALUATION + "hand-over/", evaluation.HandOverView.as_view(), name="evaluation-hand-over"),
    path(EVALUATION + "answer/", evaluation.AnswerView.as_view(), name="evaluation-answer"),
    path(EVALUATION + "finalize/", evaluation.FinalizeView.as_view(), name="evaluation-finalize"),
]
