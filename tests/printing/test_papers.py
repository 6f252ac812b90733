import io
from itertools import pairwise

import pytest
from PIL import Image, ImageChops

from tests.printing.papers import FORM, RECEIPT, example, jpeg, page_count, qr
from zhupei.printing.press import to_pdf, to_png

HOSTILE = '#read("/etc/passwd") *粗* $x$ <b>&amp;</b> @ref \\ "' + "\x00\u202e👩‍⚕️"


def test_the_form_of_an_ordinary_trainee_takes_two_pages():
    assert page_count(FORM, example("form")) == 2


def test_the_receipt_takes_one_page():
    assert page_count(RECEIPT, example("receipt")) == 1


def test_the_receipt_stays_on_one_page_whatever_the_names_are():
    receipt = example("receipt") | {
        "name": "欧阳" * 25,
        "base": "附属医院" * 40,
        "specialty": "x" * 200,
        "qr": "y" * 400,
    }

    assert page_count(RECEIPT, receipt) == 1


def test_a_hostile_or_empty_form_is_printed_all_the_same():
    for value in (HOSTILE, "", "欧阳" * 50, "9" * 200):
        assert 2 <= page_count(FORM, _everywhere(example("form"), value)) <= 9


def test_a_form_without_anything_is_printed():
    bare = example("form") | {"sections": [], "rotations": [], "opinions": [], "watermark": ""}

    assert page_count(FORM, bare) <= 2
    assert page_count(FORM, bare | {"sections": [{"title": "基本信息", "fields": []}]}) <= 2


def test_a_hostile_or_empty_receipt_is_printed():
    for value in (HOSTILE, ""):
        receipt = example("receipt")
        text = {key: value for key, old in receipt.items() if isinstance(old, str) and key != "digest"}
        assert page_count(RECEIPT, receipt | text) == 1


@pytest.mark.parametrize(("rotations", "pages"), ((0, 2), (15, 2), (20, 2), (60, 3)))
def test_the_form_grows_with_the_rotations(rotations, pages):
    row = {"name": "骨科 · 关节外科", "dates": "2025-06-01 至 2025-08-31", "summary": 1, "assessment": 1}

    assert page_count(FORM, example("form") | {"rotations": [row] * rotations}) == pages


def test_an_opinion_of_500_signs_stays_in_its_box():
    form = example("form")
    form["opinions"][1]["text"] = f"不通过 ({'数据不全' * 124})"

    assert page_count(FORM, form) <= 3


def test_each_of_these_changes_what_is_printed():
    form = example("form")
    opinions = form["opinions"]
    waived = {"title": "市局意见", "text": "免市局审核", "office": "", "date": ""}
    variants = [
        form,
        form | {"watermark": ""},
        form | {"round": 2},
        form | {"state": "待省厅审核"},
        form | {"opinions": [*opinions[:2], opinions[2] | {"text": "尚未审核"}]},
        form | {"receipt": "JZ26-00000000"},
        form | {"code": "0000 91C2 5D08 E64B 0A77"},
        form | {"printed_at": "2026-03-20 16:43"},
        form | {"province": "示例省"},
        form | {"opinions": [opinions[0], waived, opinions[2]]},
    ]

    printed = [to_png(FORM, variant, ppi=60) for variant in variants]

    assert all(one != another for i, one in enumerate(printed) for another in printed[i + 1 :])


def test_the_portrait_stands_at_the_right_in_its_own_proportions():
    """35×53 mm: a pure colour is found in a box of that ratio in the right upper quarter."""
    with_portrait, without = (
        to_png(FORM, example("form") | {"watermark": ""}, pictures=pictures, ppi=60)[0]
        for pictures in ({"portrait": jpeg("#ff0000")}, {})
    )

    left, top, right, bottom = ImageChops.difference(_rgb(with_portrait), _rgb(without)).getbbox() or (
        0,
        0,
        0,
        0,
    )

    assert (right - left) / (bottom - top) == pytest.approx(35 / 53, abs=0.03)
    assert left > 210 * 60 / 25.4 / 2
    assert bottom < 297 * 60 / 25.4 / 2


def test_the_qr_and_the_portrait_are_inside_the_pdf():
    portrait = jpeg()
    plain = to_pdf(FORM, example("form"))

    printed = to_pdf(FORM, example("form"), pictures={"portrait": portrait, "qr": qr(example("form")["qr"])})

    assert portrait in printed
    assert portrait not in plain


def test_two_printings_of_a_receipt_differ_only_by_their_data():
    sheets = [
        to_pdf(RECEIPT, example("receipt") | {"printed_at": minute}) for minute in ("16:42", "16:42", "16:43")
    ]

    assert [one == another for one, another in pairwise(sheets)] == [True, False]


def _everywhere(form: dict, value: str) -> dict:
    """The form with every text of a person or an office replaced by ``value``."""
    return form | {
        "name": value,
        "sections": [
            section | {"fields": [field | {"value": value} for field in section["fields"]]}
            for section in form["sections"]
        ],
        "rotations": [rotation | {"name": value} for rotation in form["rotations"]],
        "opinions": [opinion | {"text": value, "office": value} for opinion in form["opinions"]],
        "receipt": value[:40],
        "qr": value,
    }


def _rgb(page: bytes) -> Image.Image:
    with Image.open(io.BytesIO(page)) as image:
        return image.convert("RGB")
