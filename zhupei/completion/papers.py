"""The two papers of an application, 资格审核情况表 and 提交回执: data for the press."""

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from django.utils import timezone

from zhupei.files import storage
from zhupei.lib import id_number
from zhupei.printing.press import to_pdf
from zhupei.training.choices import DocumentKind, PaperKind

from . import progress, snapshot
from .choices import Stage
from .content import Content, Paper, Stay, count_papers, value_of
from .models import Application, Review, Submission

PRINT = Path(__file__).parent / "print"


def form(
    application: Application,
    content: Content,
    submission: Submission | None,
    reviews: Sequence[Review],
    *,
    printed_at: datetime,
) -> bytes:
    """资格审核情况表 as a PDF; 未审核 across it until the province has passed it."""
    pictures = {"portrait": portrait} if (portrait := _portrait(content)) else {}
    if submission:
        pictures["qr"] = _qr(submission)
    data: dict[str, Any] = {
        "province": application.province.short_name,
        "watermark": "" if application.stage == Stage.APPROVED else "未审核",
        "name": content["name"],
        "sections": [
            {"title": s["title"], "fields": [{"label": f["label"], "value": f["value"]} for f in s["fields"]]}
            for s in content["sections"]
        ],
        "rotations": [_stay(stay) for stay in content["rotations"]],
        "opinions": [_opinion(opinion) for opinion in progress.opinions(application, reviews)],
        "round": application.round,
        "state": application.stage_shown,
        "receipt": submission.receipt if submission else "",
        "code": submission.code if submission else "",
        "printed_at": _minute(printed_at),
        "qr": "扫描二维码可得回执号与完整校验码" if submission else "",
    }
    return to_pdf(PRINT / "form.typ", data, pictures=pictures)


def receipt(application: Application, submission: Submission) -> bytes:
    """提交回执 of one round as a PDF; the same bytes for ever."""
    content = snapshot.thaw(submission.content)
    papers, pages = count_papers(content)
    data = {
        "province": application.province.short_name,
        "receipt": submission.receipt,
        "name": content["name"],
        "id_number": id_number.mask(value_of(content, "id_number")),
        "base": value_of(content, "base"),
        "specialty": value_of(content, "specialty"),
        "year": application.season.year,
        "round": submission.round,
        "submitted_at": f"{timezone.localtime(submission.submitted_at):%Y-%m-%d %H:%M:%S}",
        "materials": papers,
        "pages": pages,
        "digest": submission.digest,
        "printed_at": _minute(submission.submitted_at),
        "qr": "扫描二维码，得到回执号与完整校验码，与本页及平台上显示的比对。",
    }
    return to_pdf(PRINT / "receipt.typ", data, pictures={"qr": _qr(submission)})


def _qr(submission: Submission) -> bytes:
    """A QR code (SVG) with the receipt number and the digest: enough to compare, nothing to learn."""
    image = io.BytesIO()
    payload = f"ZHUPEI:{submission.receipt}:{submission.digest}"
    segno.make(payload, error="m").save(image, kind="svg", xmldecl=False, border=0)
    return image.getvalue()


def _portrait(content: Content) -> bytes:
    images = [p["images"] for p in content["documents"] if p["key"] == DocumentKind.PORTRAIT]
    return storage.get(images[0][0]["address"]) if images and images[0] else b""


def _stay(stay: Stay) -> dict[str, str | int]:
    shown = {paper["key"].rpartition(":")[2]: _pages(paper) for paper in stay["papers"]}
    return {
        "name": stay["name"],
        "dates": stay["dates"],
        "summary": shown[PaperKind.SUMMARY],
        "assessment": shown[PaperKind.ASSESSMENT],
    }


def _pages(paper: Paper) -> str | int:
    """The number of pages, or why there is none."""
    if paper["images"]:
        return len(paper["images"])
    return {"later": "未到出科", "exempt": "减免"}.get(paper["state"], "未上传")


def _opinion(opinion: progress.Opinion) -> dict[str, str]:
    """A box of the form, to be stamped; without a text it is the office's turn."""
    given = opinion.state in ("ok", "returned")
    waits = opinion.state == "waiting" or opinion.text == progress.NOT_YET
    return {
        "title": opinion.label,
        "text": "" if opinion.state == "waiting" else opinion.text,
        "office": opinion.by if given or waits else "",
        "date": f"{timezone.localtime(opinion.at):%Y-%m-%d}" if given and opinion.at else "",
    }


def _minute(value: datetime) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
