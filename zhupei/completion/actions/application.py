"""What a trainee does with an application. Together with ``review``, nothing else changes ``stage``.

Each action, in one transaction: takes the row, asks the rule, changes the row, writes
the audit event, leaves the notice. It raises ``Refused`` when the rule says no.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.files import actions as files
from zhupei.files.intake import Fitted
from zhupei.files.models import Page, Slot
from zhupei.lib.constraints import write
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.training import actions as training
from zhupei.training.choices import PaperKind
from zhupei.training.models import Enrolment, Rotation

from .. import fixes, rules, snapshot
from ..checklist import Checklist, check
from ..choices import RegisterStatus, Stage
from ..content import Content, describe
from ..dossier import Dossier, load
from ..models import Application, Extension, Material, Season, Submission, SubmissionPage, Supplement

RECEIPT_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is misread


@transaction.atomic
def start(enrolment: Enrolment, season: Season, *, by: User) -> Application:
    """Open a draft; the route through the three levels is fixed here. Starting twice gives the same draft."""
    now = timezone.now()
    # Held: an extension may be granted meanwhile.
    Enrolment.objects.select_for_update(no_key=True).values_list("pk").get(pk=enrolment.pk)
    rules.may_start(by, enrolment, season, now).or_raise()
    if existing := Application.objects.filter(enrolment=enrolment, season=season).first():
        return existing
    if Application.objects.filter(trainee=enrolment.user, season=season).exists():
        raise Refused("您本年度已有另一份结业考核申请，一年只能申请一次")
    base = enrolment.base
    application = Application(
        enrolment=enrolment,
        season=season,
        trainee=enrolment.user,
        base=base,
        city=base.review_city,
        province=base.province,
        specialty=enrolment.specialty,
        turn_since=now,
    )
    if extension := Extension.objects.of(enrolment, season).first():
        application.extended_until = extension.closes_at
    write(application)
    record("completion.application.started", application, by=by)
    return application


@transaction.atomic
def set_register(application: Application, *, by: User, status: RegisterStatus | str) -> Application:
    """第四步: 培训登记手册完成情况. 未完成 can be stored, not submitted."""
    application = take(application)
    rules.may_edit(by, application, fixes.REGISTER, fixes.of(application)).or_raise()
    application.register_status = status
    application.full_clean()
    note_change(application, "register_status")
    record("completion.application.register_set", application, by=by, status=status)
    return application


@transaction.atomic
def lay_paper(
    application: Application,
    rotation: Rotation,
    kind: PaperKind,
    pictures: Sequence[Fitted],
    *,
    by: User,
    replace: bool,
) -> Material:
    """第六步: put the photographed pages of a signed paper into its place."""
    application = take(application)
    supplement = Supplement.objects.of_round(application).filter(rotation=rotation).first()
    listed = fixes.of(application)
    rules.may_lay_paper(by, application, rotation, kind, supplement, timezone.now(), listed).or_raise()
    material = application.materials.filter(rotation=rotation, kind=kind).first()
    if material is None:
        material = Material(application=application, rotation=rotation, kind=kind, slot=Slot.objects.create())
        write(material)
    pages = files.lay(material.slot, pictures, by=by, replace=replace)
    note_change(application)
    record("completion.material.laid", material, by=by, pages=[str(page.picture.pk) for page in pages])
    return material


@transaction.atomic
def remove_paper_page(application: Application, page: Page, *, by: User) -> None:
    """Take one page of a signed paper away; it stays in the history."""
    application = take(application)
    rules.may_remove_page(by, application, page, fixes.of(application)).or_raise()
    files.remove(page)
    note_change(application)
    record("completion.material.removed", application, by=by, page=str(page.pk))


@transaction.atomic
def submit(application: Application, *, by: User, seen_round: int) -> Submission:
    """Hand in what is there now (提交申请); from 退回修改 open the next round (更新提交数据信息).

    ``seen_round`` is the round on the person's screen; another tab may have been faster.
    """
    application = take(application)
    now = timezone.now()
    if application.round != seen_round:
        raise Conflict("这份申请已在另一个页面提交，请查看最新状态")
    training.lock_documents(application.trainee)  # first: a picture that is arriving is handed in, or refused
    dossier = load(application, today=timezone.localdate(now))
    content = describe(dossier)
    checklist = check(dossier, content)
    listed = fixes.of(application, content)
    rules.may_submit(by, application, checklist, now, listed).or_raise()

    application.stage, application.turn_since, application.submitted_at = Stage.BASE, now, now
    application.round += 1
    application.correction_due_at = application.withdrawn_at = None
    application.specialty_id = dossier.enrolment.specialty_id
    application.warnings = len(checklist.warnings)
    changed = (
        "stage",
        "turn_since",
        "submitted_at",
        "round",
        "correction_due_at",
        "withdrawn_at",
        "specialty",
        "warnings",
    )
    application.save(update_fields=changed)

    submission = _freeze(application, dossier, content, checklist, now)
    _list_supplements(application, submission, dossier)
    for answer in fixes.answers(listed, submission):
        answer.save()
    record(
        "completion.application.submitted",
        application,
        by=by,
        round=application.round,
        digest=submission.digest,
    )
    return submission


@transaction.atomic
def withdraw(application: Application, *, by: User) -> Application:
    """撤回修改: back to the trainee, without an opinion; the round stays as history."""
    application = take(application)
    now = timezone.now()
    rules.may_withdraw(by, application, now).or_raise()
    application.stage, application.turn_since, application.withdrawn_at = Stage.RETURNED, now, now
    application.save(update_fields=["stage", "turn_since", "withdrawn_at"])
    training.unlock_documents(application.trainee)
    record("completion.application.withdrawn", application, by=by, round=application.round)
    return application


def take(application: Application) -> Application:
    """Hold the row until the transaction ends, and read it afresh with what its pages show.

    Two statements: PostgreSQL gives whoever waited for a row its newest state, but the rows
    joined to it as they were before. On SQLite the lock is the IMMEDIATE transaction itself.
    """
    Application.objects.select_for_update(no_key=True).values_list("pk").get(pk=application.pk)
    return Application.objects.for_page().get(pk=application.pk)


def _freeze(
    application: Application, dossier: Dossier, content: Content, checklist: Checklist, now: datetime
) -> Submission:
    warnings = [f"{item.what}：{item.why}" for item in checklist.warnings]
    text = snapshot.freeze(content, warnings=warnings, nonce=secrets.token_hex(16))
    submission = Submission.objects.create(
        application=application,
        round=application.round,
        receipt=receipt_number(application.season),
        content=text,
        digest=snapshot.digest(text),
        submitted_at=now,
    )
    SubmissionPage.objects.bulk_create(
        SubmissionPage(submission=submission, page=page) for page in dossier.pages
    )
    return submission


def _list_supplements(application: Application, submission: Submission, dossier: Dossier) -> None:
    """The rotations whose papers are handed in later (补交)."""
    later = [r for r in dossier.rotations if r.exempted_at is None and not dossier.is_due(r)]
    Supplement.objects.bulk_create(Supplement(submission=submission, rotation=rotation) for rotation in later)
    if application.pending != len(later):
        application.pending = len(later)
        application.save(update_fields=["pending"])


def receipt_number(season: Season) -> str:
    """A number to read out on the phone; random, for a counter would make everybody queue at the deadline."""
    letters = "".join(secrets.choice(RECEIPT_LETTERS) for _ in range(10))
    return f"JY{season.year % 100}-{letters[:5]}-{letters[5:]}"


def note_change(application: Application, *fields: str) -> None:
    """The trainee changed something: an opinion on it can no longer be revised."""
    application.changed_at = timezone.now()
    application.save(update_fields=["changed_at", *fields])
