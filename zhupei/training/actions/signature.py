"""存储签名: kept once, used under the exit forms, printed into papers that nobody has to sign by hand."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.files import actions as files
from zhupei.files import intake
from zhupei.files.intake import Fitted
from zhupei.files.models import Slot
from zhupei.imaging.rules import PAPER
from zhupei.lib.verdicts import Refused

from .. import exit_paper, papers, rules, waiting
from ..choices import PaperKind, Party
from ..models import ExitAssessment, ExitSummary, Rotation, SignedPaper, Signing, StoredSignature
from .storing import store

CODE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is read as something else
CODE_LENGTH = 10


@transaction.atomic
def keep_signature(fitted: Fitted, *, by: User) -> StoredSignature:
    """From now on ``by`` signs with this picture. Raises Refused."""
    rules.may_keep_signature(by).or_raise()
    now = timezone.now()
    StoredSignature.objects.of(by).update(replaced_at=now)
    kept = store(StoredSignature(user=by, picture=files.keep_picture(fitted, by=by), made_at=now))
    record("training.signature.kept", kept, by=by)
    return kept


@transaction.atomic
def drop_signature(*, by: User) -> None:
    """Sign with none any more; what was signed stays. Raises Refused if there is none."""
    found = StoredSignature.objects.of(by).first()
    if found is None:
        raise Refused(rules.NO_SIGNATURE)
    found.replaced_at = timezone.now()
    found.save(update_fields=["replaced_at"])
    record("training.signature.dropped", found, by=by)


def sign(
    rotation: Rotation, kind: PaperKind, office: Party, *, by: User, signer: User | None, at: datetime
) -> Signing:
    """Under the part that ``signer`` hands on ``at`` this moment. Raises Refused."""
    rules.may_sign(by, signer).or_raise()
    code = "".join(secrets.choice(CODE) for _ in range(CODE_LENGTH))
    signature = StoredSignature.objects.of(by).get()
    signing = store(
        Signing(rotation=rotation, kind=kind, office=office, signature=signature, signed_at=at, code=code)
    )
    record("training.form.signed", signing, by=by, kind=kind, office=office)
    return signing


def keep_signed_papers(rotation: Rotation, *, by: User) -> None:
    """Print what everybody has signed with a stored signature, and keep it with the closed rotation.

    A season that accepts stored signatures takes it for what a trainee would hand in. What the base
    keeps there already stays.
    """
    rotation = exit_paper.loaded(Rotation.objects.filter(pk=rotation.pk)).get()
    for kind in PaperKind:
        found = SignedPaper.objects.filter(rotation=rotation, kind=kind).first()
        if _is_signed(rotation, kind) and (found is None or not found.is_the_base_s):
            found = found or store(SignedPaper(rotation=rotation, kind=kind, slot=Slot.objects.create()))
            printed = papers.pages(kind, rotation)
            pages = [intake.keep(page, PAPER, name=f"{kind.label}.png") for page in printed]
            files.lay(found.slot, pages, by=by, replace=True)
            found.signed_at = timezone.now()
            found.save(update_fields=["signed_at"])


def void_signed_papers(rotation: Rotation) -> None:
    """The rotation is opened again: what the platform printed stands no more."""
    for found in SignedPaper.objects.filter(rotation=rotation, signed_at__isnull=False):
        if not found.is_the_base_s:
            files.clear(found.slot)
        found.signed_at = None
        found.save(update_fields=["signed_at"])


def _is_signed(rotation: Rotation, kind: PaperKind) -> bool:
    """The 小结 by the head, the 考核表 by both, as the guide asks it of the papers."""
    if kind == PaperKind.SUMMARY:
        return _all_signed(rotation, waiting.summary_of(rotation), Party.HEAD)
    return _all_signed(rotation, waiting.assessment_of(rotation), Party.TEACHER, Party.HEAD)


def _all_signed(rotation: Rotation, form: ExitSummary | ExitAssessment | None, *offices: Party) -> bool:
    return form is not None and all(exit_paper.signing_of(rotation, form, office) for office in offices)
