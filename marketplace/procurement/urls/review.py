"""Addresses of experts, lots in the workspace, committees, awards, objections."""

from django.urls import path

from ..views import awards, experts, lots, objections, panels, price_answers, scoring

EXPERTS = [
    path("workspace/experts/", experts.ExpertListView.as_view(), name="expert-list"),
    path("workspace/experts/import/", experts.ExpertImportView.as_view(), name="expert-import"),
    path("workspace/experts/template.csv", experts.ExpertTemplateView.as_view(), name="expert-template"),
    path("workspace/experts/experts.csv", experts.ExpertExportView.as_view(), name="expert-export"),
    path(
        "workspace/experts/<int:pk>/availability/", experts.ExpertAvailabilityView.as_view(), name="expert-availability"
    ),
    path("workspace/experts/own/", experts.OwnExpertView.as_view(), name="expert-own"),
    path("workspace/experts/own/availability/", experts.OwnAvailabilityView.as_view(), name="expert-own-availability"),
    path("workspace/experts/own/absences/<int:pk>/remove/", experts.RemoveAbsenceView.as_view(), name="absence-remove"),
]

LOT = "workspace/lots/<int:pk>/"
LOTS = [
    path("workspace/lots/", lots.LotListView.as_view(), name="lot-list"),
    path(LOT, lots.LotDetailView.as_view(), name="lot-detail"),
    path(LOT + "eligibility/", lots.EligibilityView.as_view(), name="lot-eligibility"),
    path(LOT + "eligibility/start/", lots.EligibilityStartView.as_view(), name="eligibility-start"),
    path(LOT + "eligibility/conclude/", lots.EligibilityConcludeView.as_view(), name="eligibility-conclude"),
    path(LOT + "eligibility/<int:bid>/", lots.EligibilityCheckView.as_view(), name="eligibility-check"),
    path(LOT + "eligibility/<int:bid>/<str:list>/", lots.CreditQueryView.as_view(), name="credit-query"),
    path(LOT + "committee/", lots.CommitteeView.as_view(), name="lot-committee"),
    path(LOT + "committee/draw/", lots.DrawView.as_view(), name="committee-draw"),
    path(LOT + "committee/representative/", lots.RepresentativeView.as_view(), name="committee-representative"),
    path(LOT + "committee/<int:member>/replace/", lots.ReplaceMemberView.as_view(), name="committee-replace"),
    path(LOT + "review/start/", lots.ReviewStartView.as_view(), name="review-start"),
    path(LOT + "award/", awards.AwardView.as_view(), name="lot-award"),
    path(LOT + "award/tie/", awards.TieView.as_view(), name="award-tie"),
    path(LOT + "restart/", awards.RestartView.as_view(), name="lot-restart"),
    path(LOT + "suspend/", objections.SuspendView.as_view(), name="lot-suspend"),
    path("workspace/suspensions/<int:pk>/lift/", objections.SuspensionLiftView.as_view(), name="suspension-lift"),
]

AWARDS = [
    path("workspace/awards/<int:pk>/publish/", awards.AwardPublishView.as_view(), name="award-publish"),
    path("workspace/awards/<int:pk>/return/", awards.AwardReturnView.as_view(), name="award-return"),
    path("workspace/awards/<int:pk>/refuse/", awards.AwardRefuseView.as_view(), name="award-refuse"),
    path("workspace/letters/", awards.LetterListView.as_view(), name="letter-list"),
    path("workspace/letters/<int:pk>/", awards.LetterDetailView.as_view(), name="letter-detail"),
    path("projects/<str:number>/award.json", awards.AwardFileView.as_view(), name="award-file"),
    path("projects/verify_award.py", awards.VerifyProgramView.as_view(), name="verify-program"),
]

SEAT = "workspace/panels/<int:pk>/"
PANELS = [
    path("workspace/panels/", panels.PanelListView.as_view(), name="panel-list"),
    path(SEAT, panels.PanelDetailView.as_view(), name="panel-detail"),
    path(SEAT + "answer/", panels.AnswerView.as_view(), name="panel-answer"),
    path(SEAT + "declaration/", panels.DeclarationView.as_view(), name="panel-declaration"),
    path(SEAT + "leader/", panels.LeaderView.as_view(), name="panel-leader"),
    path(SEAT + "conformity/<int:bid>/", panels.ConformityView.as_view(), name="panel-conformity"),
    path(SEAT + "bids/<int:bid>/", scoring.ScoreView.as_view(), name="panel-score"),
    path(SEAT + "submit/", scoring.SubmitView.as_view(), name="panel-submit"),
    path(SEAT + "corrections/", scoring.CorrectionListView.as_view(), name="panel-corrections"),
    path(SEAT + "corrections/<int:score>/", scoring.CorrectionView.as_view(), name="panel-correct"),
    path(SEAT + "prices/", panels.PriceView.as_view(), name="panel-prices"),
    path(SEAT + "prices/<int:bid>/ask/", panels.PriceAskView.as_view(), name="panel-price-ask"),
    path(SEAT + "prices/<int:query>/vote/", panels.PriceVoteView.as_view(), name="panel-price-vote"),
    path(SEAT + "consolidate/", panels.ConsolidateView.as_view(), name="panel-consolidate"),
    path(SEAT + "report/", panels.ReportView.as_view(), name="panel-report"),
    path(SEAT + "report/close/", panels.CloseSigningView.as_view(), name="panel-report-close"),
    path("workspace/price-queries/", price_answers.PriceQueryListView.as_view(), name="price-query-list"),
    path("workspace/price-queries/<int:pk>/", price_answers.PriceQueryView.as_view(), name="price-query"),
]

ONE = "workspace/objections/<int:pk>/"
OBJECTIONS = [
    path("workspace/objections/", objections.ObjectionListView.as_view(), name="objection-list"),
    path("workspace/objections/new/", objections.ObjectionLotsView.as_view(), name="objection-lots"),
    path("workspace/objections/new/<int:pk>/", objections.ObjectionCreateView.as_view(), name="objection-create"),
    path(ONE, objections.ObjectionDetailView.as_view(), name="objection-detail"),
    path(ONE + "accept/", objections.ObjectionAcceptView.as_view(), name="objection-accept"),
    path(ONE + "refuse/", objections.ObjectionRefuseView.as_view(), name="objection-refuse"),
    path(ONE + "lift/", objections.HoldLiftView.as_view(), name="objection-lift"),
    path(ONE + "answer/", objections.ObjectionAnswerView.as_view(), name="objection-answer"),
    path(ONE + "withdraw/", objections.ObjectionWithdrawView.as_view(), name="objection-withdraw"),
]

urlpatterns = [*EXPERTS, *LOTS, *AWARDS, *PANELS, *OBJECTIONS]
