"""Addresses of tenders: the workspace, the wizard, corrections, the public page."""

from django.urls import path

from ..views import correction, media, question, tender, tender_public, wizard

WORK = "workspace/tenders/<int:pk>/"
EDIT = WORK + "edit/"
PUBLIC = "tenders/<str:number>/"
CORRECTION = "workspace/corrections/<int:pk>/"
TERMINATION = "workspace/terminations/<int:pk>/"

urlpatterns = [
    path("workspace/tenders/", tender.TenderListView.as_view(), name="tender-list"),
    path("workspace/tenders/begin/<int:item>/", tender.BeginView.as_view(), name="tender-begin"),
    path(WORK, tender.TenderDetailView.as_view(), name="tender-detail"),
    path(WORK + "review/", tender.ReviewView.as_view(), name="tender-review"),
    path(WORK + "preview.pdf", tender.PreviewView.as_view(), name="tender-preview"),
    path(WORK + "submit/", tender.SubmitView.as_view(), name="tender-submit"),
    path(WORK + "return/", tender.ReturnView.as_view(), name="tender-return"),
    path(WORK + "discard/", tender.DiscardView.as_view(), name="tender-discard"),
    path(WORK + "restore/", tender.RestoreView.as_view(), name="tender-restore"),
    path(WORK + "publish/", tender.PublishView.as_view(), name="tender-publish"),
    path(WORK + "medium/", media.MediumView.as_view(), name="tender-medium"),
    path(WORK + "reason/", wizard.ReasonView.as_view(), name="tender-reason"),
    path(WORK + "attach/", wizard.UploadView.as_view(), name="tender-attach"),
    path(WORK + "attachments/<int:document>/remove/", wizard.RemoveAttachmentView.as_view(), name="attachment-remove"),
    path(WORK + "attachments/<int:document>/back/", wizard.PutAttachmentBackView.as_view(), name="attachment-back"),
    path(WORK + "mandate/", wizard.MandateView.as_view(), name="tender-mandate"),
    path(EDIT + "criteria/", wizard.CriteriaView.as_view(), name="tender-criteria"),
    path(EDIT + "criteria/new/", wizard.CriterionView.as_view(), name="criterion-add"),
    path(EDIT + "criteria/<int:criterion>/", wizard.CriterionView.as_view(), name="criterion-change"),
    path(EDIT + "criteria/<int:criterion>/remove/", wizard.RemoveCriterionView.as_view(), name="criterion-remove"),
    path(EDIT + "custodians/", wizard.CustodiansView.as_view(), name="tender-custodians"),
    path(EDIT + "check/", wizard.CheckView.as_view(), name="tender-check"),
    path(EDIT + "<slug:step>/", wizard.StepView.as_view(), name="tender-edit"),
    path(WORK + "corrections/new/", correction.CorrectionFormView.as_view(), name="correction-add"),
    path(WORK + "corrections/<int:correction>/", correction.CorrectionFormView.as_view(), name="correction-change"),
    path(WORK + "terminate/", correction.TerminationFormView.as_view(), name="termination-add"),
    path(CORRECTION, correction.CorrectionDetailView.as_view(), name="correction-detail"),
    path(CORRECTION + "publish/", correction.PublishCorrectionView.as_view(), name="correction-publish"),
    path(CORRECTION + "return/", correction.ReturnCorrectionView.as_view(), name="correction-return"),
    path(CORRECTION + "withdraw/", correction.WithdrawCorrectionView.as_view(), name="correction-withdraw"),
    path(TERMINATION, correction.TerminationDetailView.as_view(), name="termination-detail"),
    path(TERMINATION + "publish/", correction.PublishTerminationView.as_view(), name="termination-publish"),
    path(TERMINATION + "return/", correction.ReturnTerminationView.as_view(), name="termination-return"),
    path(TERMINATION + "withdraw/", correction.WithdrawTerminationView.as_view(), name="termination-withdraw"),
    path("workspace/lots/<int:pk>/retender/", tender.RetenderView.as_view(), name="lot-retender"),
    path("workspace/questions/<int:pk>/", question.AnswerView.as_view(), name="question-answer"),
    path(PUBLIC, tender_public.PublicTenderView.as_view(), name="tender-public"),
    path(PUBLIC + "corrections/", tender_public.CorrectionsView.as_view(), name="tender-corrections"),
    path(PUBLIC + "calendar.ics", tender_public.CalendarView.as_view(), name="tender-calendar"),
    path(PUBLIC + "take/", question.TakeView.as_view(), name="tender-take"),
    path(PUBLIC + "ask/", question.AskView.as_view(), name="question-ask"),
]
