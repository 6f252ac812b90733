from django.urls import path

from .views import (
    archive,
    arranging,
    department,
    documents,
    entries,
    exits,
    ledgers,
    log_batch,
    logbook,
    mending,
    papers,
    plan,
    profile,
    reopening,
    rotations,
    signature,
    summary,
    teaching,
)

app_name = "training"

urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("profile/basic/", profile.basic, name="save_basic"),
    path("profile/education/", profile.education, name="add_education"),
    path("profile/education/<uuid:pk>/", profile.education, name="change_education"),
    path("profile/education/<uuid:pk>/remove/", profile.remove_education, name="remove_education"),
    path("profile/licence/", profile.licence, name="save_licence"),
    path("profile/documents/<str:kind>/", documents.lay, name="lay_document"),
    path("profile/pictures/<uuid:pk>/", documents.picture, name="picture"),
    path("profile/pictures/<uuid:pk>/small/", documents.picture, {"small": True}, name="small"),
    path("profile/pictures/<uuid:pk>/view/", documents.view_page, name="view_page"),
    path("profile/pictures/<uuid:pk>/mend/", mending.mend, name="mend"),
    path("profile/pictures/<uuid:pk>/mended/", mending.mended, name="mended"),
    path("profile/pictures/<uuid:pk>/remove/", documents.remove_page, name="remove_page"),
    path("rotations/", rotations.rotations, name="rotations"),
    path("rotations/<uuid:pk>/<slug:kind>.pdf", papers.print_paper, name="paper"),
    # --- 出科 ---
    path("rotations/papers.pdf", papers.print_all, name="papers"),
    path("rotations/<uuid:pk>/summary/", summary.summary, name="summary"),
    path("rotations/<uuid:pk>/summary/submit/", summary.submit, name="submit_summary"),
    path("rotations/<uuid:pk>/assessment/", summary.assessment, name="assessment"),
    path("rotations/<uuid:pk>/signed/<uuid:signing>/", signature.signed, name="signed"),
    path("rotations/<uuid:pk>/reopen/", reopening.reopen, name="reopen"),
    path("rotations/<uuid:pk>/archive/", archive.archive, name="archive"),
    path("rotations/<uuid:pk>/archive/<str:kind>/", archive.lay, name="lay_archive"),
    path("rotations/<uuid:pk>/archive/<str:kind>/attest/", archive.attest, name="attest"),
    path("rotations/<uuid:pk>/archived/<uuid:page>/", archive.picture, name="archived"),
    path(
        "rotations/<uuid:pk>/archived/<uuid:page>/small/",
        archive.picture,
        {"small": True},
        name="archived_small",
    ),
    # the log of a rotation, what it adds up to, and one entry of it
    path("rotations/ledger/", ledgers.overall, name="ledger_overall"),
    path("rotations/<uuid:pk>/logbook/", logbook.logbook, name="logbook"),
    path("rotations/<uuid:pk>/logbook/submit/", logbook.submit, name="submit_entries"),
    path("rotations/<uuid:pk>/logbook/nudge/", logbook.nudge, name="nudge"),
    path("rotations/<uuid:pk>/logbook/import/", log_batch.upload, name="import_log"),
    path("rotations/<uuid:pk>/logbook/import/template.xlsx", log_batch.template, name="log_template"),
    path("rotations/<uuid:pk>/logbook/import/<uuid:kept>/", log_batch.preview, name="preview_log"),
    path(
        "rotations/<uuid:pk>/logbook/import/<uuid:kept>/failed.xlsx", log_batch.failed, name="failed_log_rows"
    ),
    path("rotations/<uuid:pk>/logbook/ledger/", ledgers.ledger_page, name="ledger"),
    path("entries/<uuid:pk>/", entries.entry, name="entry"),
    path("entries/<uuid:pk>/discard/", entries.discard, name="discard_entry"),
    path("entries/<uuid:pk>/withdraw/", entries.withdraw, name="withdraw_entry"),
]

# teaching/exits/: the desks of 带教老师, 教学秘书 and 科主任
exit_desk = (
    [
        path("", exits.queue, name="queue"),
        path("signature/", signature.signature, name="signature"),
        path("signature/picture/", signature.picture, name="signature_picture"),
        path("signature/drop/", signature.drop, name="drop_signature"),
        path("<uuid:pk>/summary/", exits.appraise, name="appraise"),
        path("<uuid:pk>/summary/return/", exits.return_summary, name="return_summary"),
        path("<uuid:pk>/assessment/", exits.fill, name="fill"),
        path("<uuid:pk>/head/", exits.conclude, name="conclude"),
        path("<uuid:pk>/head/return/", exits.return_assessment, name="return_assessment"),
    ],
    "exits",
)

# The teacher's desk, under /teaching/
teaching_desk = (
    [
        path("", teaching.queue, name="queue"),
        path("decide/", teaching.decide, name="decide"),
        path("<uuid:pk>/", teaching.entry, name="entry"),
    ],
    "teaching",
)

# The desk of a base over the plan of a trainee, under /base/trainees/
plan_desk = (
    [
        path("<uuid:pk>/plan/", plan.plan, name="plan"),
        path("<uuid:pk>/plan/add/", plan.add, name="add"),
        path("<uuid:pk>/plan/scheme/", plan.from_scheme, name="from_scheme"),
    ],
    "plan",
)

# Who arranges rotations, under /teaching/rotations/: the department its own, the base all of its trainees'
arranging_desk = (
    [
        path("", department.rotations, name="rotations"),
        path("<uuid:pk>/", arranging.rotation, name="rotation"),
        path("<uuid:pk>/people/", arranging.assign, name="assign"),
        path("<uuid:pk>/leaves/", arranging.record_leave, name="record_leave"),
        path("<uuid:pk>/leaves/<uuid:leave>/cancel/", arranging.cancel_leave, name="cancel_leave"),
        path("<uuid:pk>/dates/", arranging.move, name="move"),
        path("<uuid:pk>/exempt/", arranging.exempt, name="exempt"),
        path("<uuid:pk>/exempt/cancel/", arranging.take_back_exemption, name="take_back_exemption"),
        path("<uuid:pk>/drop/", arranging.drop, name="drop"),
    ],
    "arranging",
)
