"""Two areas: the trainee's under /completion/, the reviewers' under /review/."""

from django.urls import path

from .views import fixes, marks, materials, review
from .views import trainee as views

_trainee = [
    path("", views.entry, name="entry"),
    path("<uuid:pk>/", views.application, name="application"),
    path("<uuid:pk>/register/", views.register, name="register"),
    path("<uuid:pk>/check/", views.check_page, name="check"),
    path("<uuid:pk>/submit/", views.submit, name="submit"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:pk>/status/", views.status, name="status"),
    path("<uuid:pk>/findings/<uuid:finding>/", fixes.finding, name="finding"),
    path("<uuid:pk>/findings/<uuid:finding>/picture/", fixes.marked_picture, name="marked_picture"),
    path("<uuid:pk>/findings/<uuid:finding>/explain/", fixes.explain, name="explain"),
    path("<uuid:pk>/unlock/", fixes.unlock, name="unlock"),
    path("<uuid:pk>/form.pdf", views.form_pdf, name="form_pdf"),
    path("<uuid:pk>/receipts/<int:number>/", views.receipt, name="receipt"),
    path("<uuid:pk>/receipts/<int:number>.pdf", views.receipt_pdf, name="receipt_pdf"),
    path("<uuid:pk>/materials/", materials.materials, name="materials"),
    path("<uuid:pk>/materials/<uuid:rotation>/<str:kind>/", materials.lay_paper, name="lay_paper"),
    path("<uuid:pk>/materials/pictures/<uuid:page>/", materials.picture, name="picture"),
    path("<uuid:pk>/materials/pictures/<uuid:page>/small/", materials.picture, {"small": True}, name="small"),
    path("<uuid:pk>/materials/pictures/<uuid:page>/view/", materials.view_page, name="view_page"),
    path("<uuid:pk>/materials/pictures/<uuid:page>/remove/", materials.remove_page, name="remove_page"),
]

_review = [
    path("", review.applications, name="queue"),
    path("<uuid:pk>/", review.application, name="application"),
    path("<uuid:pk>/claim/", review.claim, name="claim"),
    path("<uuid:pk>/release/", review.release, name="release"),
    path("<uuid:pk>/findings/", marks.mark, name="mark"),
    path("<uuid:pk>/findings/<uuid:draft>/remove/", marks.unmark, name="unmark"),
    path("<uuid:pk>/decide/", review.decide, name="decide"),
    path("<uuid:pk>/revise/", review.revise, name="revise"),
    path("<uuid:pk>/supplements/<uuid:supplement>/", review.confirm_supplement, name="confirm_supplement"),
    path("<uuid:pk>/rotations/<uuid:rotation>/ledger/", review.ledger, name="ledger"),
    path("<uuid:pk>/pictures/<uuid:page>/", review.picture, name="picture"),
    path("<uuid:pk>/pictures/<uuid:page>/small/", review.picture, {"small": True}, name="small"),
]

trainee = (_trainee, "completion")
review_desk = (_review, "review")
