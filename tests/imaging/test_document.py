"""Papers: warnings only, and a straight page where one can be found."""

import pytest
from PIL import Image

from zhupei.imaging.document import MOST_SKEW, fit_document, inspect_document, inspect_form_scan
from zhupei.imaging.rules import KIB, Rejected

from . import corpus
from .corpus import codes

PAPERS = corpus.good_papers()


def test_good_papers_raise_hardly_any_alarm():
    counted = corpus.alarms(PAPERS, inspect_document)

    assert counted.pop("") == 21
    assert sum(counted.values()) <= 1


@pytest.mark.parametrize("code", corpus.SPOILT_PAPERS)
def test_a_known_flaw_is_found_by_its_code_and_never_blocks(code):
    for change in corpus.SPOILT_PAPERS[code]:
        flaws = inspect_document(change(PAPERS[5]))
        assert code in {flaw.code for flaw in flaws}
        assert {flaw.weight for flaw in flaws} == {"warns"}


def test_the_spot_of_a_glare_is_marked():
    (flaw,) = [flaw for flaw in inspect_document(corpus.glare(PAPERS[5])) if flaw.code == "glare"]
    left, top, right, bottom = flaw.boxes[0]

    assert left == pytest.approx(0.5, abs=0.06)
    assert top == pytest.approx(0.3, abs=0.06)
    assert right == pytest.approx(0.75, abs=0.06)
    assert bottom == pytest.approx(0.5, abs=0.06)


def test_a_page_on_a_desk_is_cut_out_and_straightened():
    photographed = corpus.on_desk(PAPERS[5], 7, 0.7)

    made = fit_document(photographed)
    straight = corpus.opened(made.jpeg)

    assert made.done[0] == "按四角拉正并裁边"
    assert straight.width / straight.height == pytest.approx(PAPERS[5].width / PAPERS[5].height, rel=0.05)
    assert "skewed" not in codes(straight, inspect_document)
    assert len(made.jpeg) <= 800 * KIB


def test_a_crooked_scan_is_levelled():
    scan = Image.new("RGB", (1200, 1600), "white")
    for line in range(100, 1500, 40):
        scan.paste((0, 0, 0), (150, line, 1050, line + 12))
    crooked = scan.rotate(5, fillcolor="white")

    assert "skewed" in codes(crooked, inspect_document)
    made = fit_document(crooked)

    assert made.done[0] == "拉平 5°"
    assert "skewed" not in codes(corpus.opened(made.jpeg), inspect_document)


def test_where_nothing_is_crooked_nothing_is_offered():
    scan = Image.new("RGB", (1200, 1600), "white")
    for line in range(100, 1500, 40):
        scan.paste((0, 0, 0), (150, line, 1050, line + 12))

    with pytest.raises(Rejected, match="没有找到需要拉正的地方"):
        fit_document(scan)


@pytest.mark.parametrize(("angle", "warned"), ((MOST_SKEW - 1, False), (MOST_SKEW + 1, True)))
def test_a_degree_either_side_of_the_limit(angle, warned):
    scan = Image.new("RGB", (1200, 1600), "white")
    for line in range(100, 1500, 40):
        scan.paste((0, 0, 0), (150, line, 1050, line + 12))

    assert ("skewed" in codes(scan.rotate(angle, fillcolor="white"), inspect_document)) is warned


def test_a_form_without_its_code_is_warned_of():
    assert "no_code" in codes(PAPERS[0], inspect_form_scan)
