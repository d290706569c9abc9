"""Addresses of ventures: the workspace, the wizard, papers, the public pages."""

from django.urls import path

from .views import application, assessment, call, decision, panel, prereview, public, wizard

app_name = "ventures"
WORK = "workspace/ventures/<int:pk>/"
EDIT = WORK + "edit/"
BLOCK = EDIT + "form/<slug:key>/"
PAPER = "workspace/venture-papers/<int:pk>/"
PUBLIC = "ventures/<str:number>/"
SEAT = PUBLIC + "briefings/<int:briefing>/"
OWN = "workspace/applications/<uuid:pk>/"
VERSION = OWN + "versions/<str:receipt>/"
READ = "workspace/venture-applications/<uuid:pk>/"

ASSESS = "workspace/assessments/<int:pk>/"
SEATED = "workspace/venture-panels/<int:pk>/"
REVIEW = "workspace/panel-reviews/<int:pk>/"

ASSESSMENT = [
    path(WORK + "assess/", assessment.OpenView.as_view(), name="assessment-open"),
    path("workspace/assessments/", assessment.AssessmentListView.as_view(), name="assessment-list"),
    path(ASSESS, assessment.AssessmentDetailView.as_view(), name="assessment-detail"),
    path(ASSESS + "settings/", assessment.SettingsView.as_view(), name="assessment-settings"),
    path(ASSESS + "invite/", assessment.InviteView.as_view(), name="assessment-invite"),
    path(ASSESS + "deal/", assessment.DealView.as_view(), name="assessment-deal"),
    path(ASSESS + "score/", assessment.BeginScoringView.as_view(), name="assessment-score"),
    path(ASSESS + "deliberate/", assessment.DeliberateView.as_view(), name="assessment-deliberate"),
    path(ASSESS + "reviews/", assessment.ReviewListView.as_view(), name="assessment-reviews"),
    path(ASSESS + "ranking/", assessment.RankingView.as_view(), name="assessment-ranking"),
    path(ASSESS + "ranking.csv", assessment.RankingFileView.as_view(), {"kind": "csv"}, name="ranking-csv"),
    path(ASSESS + "ranking.xlsx", assessment.RankingFileView.as_view(), {"kind": "xlsx"}, name="ranking-xlsx"),
    path(ASSESS + "bonus/", assessment.BonusView.as_view(), name="assessment-bonus"),
    path(ASSESS + "coaching/", assessment.CoachingView.as_view(), name="assessment-coaching"),
    path(ASSESS + "defence/draw/", assessment.DrawDefenceView.as_view(), name="defence-draw"),
    path(ASSESS + "defence/", assessment.DefenceView.as_view(), name="assessment-defence"),
    path("workspace/defence-slots/<int:pk>/begin/", assessment.BeginSlotView.as_view(), name="slot-begin"),
    path("workspace/defence-slots/<int:pk>/end/", assessment.EndSlotView.as_view(), name="slot-end"),
    path("workspace/panel-members/<int:pk>/remind/", assessment.RemindView.as_view(), name="member-remind"),
    path("workspace/panel-members/<int:pk>/end/", assessment.EndSeatView.as_view(), name="member-end"),
    path(REVIEW + "reassign/", assessment.ReassignView.as_view(), name="review-reassign"),
    path(ASSESS + "decision/", decision.DecisionView.as_view(), name="assessment-decision"),
    path(ASSESS + "decision/fit/", decision.FitView.as_view(), name="decision-fit"),
    path(ASSESS + "decision/minutes/", decision.MinutesView.as_view(), name="decision-minutes"),
    path(ASSESS + "decision/propose/", decision.ProposeView.as_view(), name="decision-propose"),
    path(ASSESS + "decision/consent/", decision.ConsentView.as_view(), name="decision-consent"),
    path(ASSESS + "decision/return/", decision.ReturnView.as_view(), name="decision-return"),
    path(ASSESS + "decision/display/", decision.DisplayView.as_view(), name="decision-display"),
    path(ASSESS + "take-back/", decision.TakeBackView.as_view(), name="assessment-take-back"),
    path(ASSESS + "confirm/", decision.ConfirmView.as_view(), name="assessment-confirm"),
    path("workspace/grant-proposals/<int:pk>/", decision.AmountView.as_view(), name="proposal-amount"),
    path("workspace/result-objections/<int:pk>/", decision.AnswerObjectionView.as_view(), name="objection-answer"),
    path("workspace/venture-panels/", panel.SeatListView.as_view(), name="seat-list"),
    path(SEATED, panel.SeatDetailView.as_view(), name="seat-detail"),
    path(SEATED + "answer/", panel.AnswerSeatView.as_view(), name="seat-answer"),
    path(SEATED + "decline/", panel.DeclineSeatView.as_view(), name="seat-decline"),
    path(SEATED + "conflict/", panel.ConflictView.as_view(), name="seat-conflict"),
    path(SEATED + "defence/", panel.DefenceNowView.as_view(), name="defence-now"),
    path(SEATED + "defence/<int:slot>/", panel.DefenceScoreView.as_view(), name="defence-score"),
    path(REVIEW, panel.ReviewView.as_view(), name="review"),
    path(REVIEW + "change/<int:score>/", panel.ChangeScoreView.as_view(), name="review-change"),
    path("workspace/mentorships/<int:pk>/", panel.MentorshipView.as_view(), name="mentorship"),
    path("workspace/venture-results/<uuid:key>/", decision.OwnResultView.as_view(), name="result-own"),
    path("workspace/venture-results/<uuid:key>/defence.ics", decision.SlotCalendarView.as_view(), name="slot-ics"),
    path(PUBLIC + "result/", decision.PublicResultView.as_view(), name="result-public"),
    path(PUBLIC + "result/object/", decision.ObjectView.as_view(), name="result-object"),
]

urlpatterns = [
    *ASSESSMENT,
    path("workspace/ventures/", call.CallListView.as_view(), name="call-list"),
    path("workspace/ventures/begin/", call.BeginView.as_view(), name="call-begin"),
    path(WORK, call.CallDetailView.as_view(), name="call-detail"),
    path(WORK + "review/", call.ReviewView.as_view(), name="call-review"),
    path(WORK + "submit/", call.SubmitView.as_view(), name="call-submit"),
    path(WORK + "confirm/", call.ConfirmView.as_view(), name="call-confirm"),
    path(WORK + "return/", call.ReturnView.as_view(), name="call-return"),
    path(WORK + "publish/", call.PublishView.as_view(), name="call-publish"),
    path(WORK + "preview/", wizard.PreviewView.as_view(), name="call-preview"),
    path(EDIT + "form/", wizard.ComposerView.as_view(), name="call-form"),
    path(EDIT + "form/standard/", wizard.StandardFormView.as_view(), name="form-standard"),
    path(EDIT + "form/add/", wizard.AddBlockView.as_view(), name="block-add"),
    path(BLOCK, wizard.BlockView.as_view(), name="block-edit"),
    path(BLOCK + "move/<slug:way>/", wizard.MoveBlockView.as_view(), name="block-move"),
    path(BLOCK + "remove/", wizard.RemoveBlockView.as_view(), name="block-remove"),
    path(EDIT + "check/", wizard.CheckView.as_view(), name="call-check"),
    path(EDIT + "<slug:step>/", wizard.StepView.as_view(), name="call-edit"),
    path(WORK + "briefings/new/", call.AddBriefingView.as_view(), name="briefing-add"),
    path("workspace/briefings/<int:pk>/cancel/", call.CancelBriefingView.as_view(), name="briefing-cancel"),
    path("workspace/venture-questions/<int:pk>/", call.AnswerView.as_view(), name="question-answer"),
    path(WORK + "corrections/new/", call.CorrectionFormView.as_view(), name="correction-add"),
    path(WORK + "corrections/<int:paper>/", call.CorrectionFormView.as_view(), name="correction-change"),
    path(WORK + "terminate/", call.TerminationFormView.as_view(), name="termination-add"),
    path(PAPER, call.PaperDetailView.as_view(), name="paper-detail"),
    path(PAPER + "publish/", call.PublishPaperView.as_view(), name="paper-publish"),
    path(PAPER + "return/", call.ReturnPaperView.as_view(), name="paper-return"),
    path(PAPER + "withdraw/", call.WithdrawPaperView.as_view(), name="paper-withdraw"),
    path("ventures/", public.PublicListView.as_view(), name="public-list"),
    path("ventures/calls.csv", public.PublicCsvView.as_view(), name="public-csv"),
    path(PUBLIC, public.PublicCallView.as_view(), name="call-public"),
    path(PUBLIC + "calendar.ics", public.CalendarView.as_view(), name="call-calendar"),
    path(PUBLIC + "ask/", public.AskView.as_view(), name="question-ask"),
    path(SEAT + "take/", public.TakeSeatView.as_view(), name="seat-take"),
    path(SEAT + "release/", public.ReleaseSeatView.as_view(), name="seat-release"),
    path(PUBLIC + "apply/", application.BeginView.as_view(), name="application-begin"),
    path("workspace/applications/", application.ListView.as_view(), name="application-list"),
    path(OWN, application.DetailView.as_view(), name="application-detail"),
    path(OWN + "edit/check/", application.CheckView.as_view(), name="application-check"),
    path(OWN + "edit/<slug:step>/", application.StepView.as_view(), name="application-edit"),
    path(OWN + "edit/<slug:step>/files/", application.FilesView.as_view(), name="application-files"),
    path(OWN + "files/<int:file>/remove/", application.RemoveFileView.as_view(), name="application-file-remove"),
    path(OWN + "files/<int:file>/restore/", application.RestoreFileView.as_view(), name="application-file-restore"),
    path(OWN + "reuse/<uuid:source>/", application.ReuseView.as_view(), name="application-reuse"),
    path(OWN + "withdraw/", application.WithdrawView.as_view(), name="application-withdraw"),
    path(OWN + "reopen/", application.ReopenView.as_view(), name="application-reopen"),
    path(VERSION, application.ReceiptView.as_view(), name="application-receipt"),
    path(VERSION + "proof.json", application.ProofView.as_view(), name="application-proof"),
    path(WORK + "applications/", prereview.ApplicationListView.as_view(), name="call-applications"),
    path(WORK + "applications.csv", prereview.ApplicationCsvView.as_view(), name="call-applications-csv"),
    path(READ, prereview.ApplicationReviewView.as_view(), name="application-review"),
    path(READ + "compare/", prereview.CompareView.as_view(), name="application-compare"),
]
