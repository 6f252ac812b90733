import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import typst
from PIL import Image

from tests.printing.papers import FORM, PRINT, example, jpeg, qr
from zhupei import printing
from zhupei.printing import press
from zhupei.printing.press import Misprint, to_pdf, to_png

IMPORT = '#import "@zhupei/paper:1.0.0": *\n#set page(width: 80mm, height: auto)\n#set text(font: serif)\n'


@pytest.fixture
def template(tmp_path):
    """A template with the given body, alone in a folder."""

    def write(body: str) -> Path:
        path = tmp_path / "papers" / f"paper{len(list(tmp_path.rglob('*.typ')))}.typ"
        path.parent.mkdir(exist_ok=True)
        path.write_text(IMPORT + body, encoding="utf-8")
        return path

    return write


def test_the_same_data_give_the_same_bytes():
    pictures = {"portrait": jpeg(), "qr": qr("JZ26")}

    first = to_pdf(FORM, example("form"), pictures=pictures)

    assert first.startswith(b"%PDF-")
    assert first == to_pdf(FORM, example("form"), pictures=pictures)
    assert first != to_pdf(FORM, example("form") | {"round": 2}, pictures=pictures)


def test_two_threads_do_not_disturb_each_other():
    papers = [example("form") | {"round": number} for number in range(1, 7)]
    one_by_one = [to_pdf(FORM, paper) for paper in papers]

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda paper: to_pdf(FORM, paper), papers)) == one_by_one


@pytest.mark.parametrize(
    "text",
    (
        '#read("/etc/passwd")',
        "*bold*",
        "$x^2$ <label> @ref",
        "// 注释",
        "= 标题",
        "\\ `raw` #{1+1}",
        "[x] _y_",
    ),
)
def test_text_is_printed_as_it_stands(template, text):
    """Just as a string literal of typst's own prints it."""
    literal = text.replace("\\", "\\\\").replace('"', '\\"')

    from_data = to_png(template("#data().name"), {"name": text})

    assert from_data == to_png(template(f'#"{literal}"'), {})


@pytest.mark.parametrize("text", ("", "\x00\x07", "\u202eabc", "👩‍⚕️", "𠮷䶮㑇", "长" * 5000, "x" * 5000))
def test_no_text_stops_the_press(template, text):
    assert to_pdf(template("#filled(data().name)"), {"name": text})


def test_a_long_number_breaks_inside_its_cell(template):
    narrow = template("#table(columns: 30mm, filled(data().name))")

    heights = [_size(to_png(narrow, {"name": "8" * count})[0])[1] for count in (10, 200)]

    assert heights[1] > 4 * heights[0]


@pytest.mark.parametrize("path", ("/etc/passwd", "../secret.txt", "../../secret.txt"))
def test_a_template_sees_nothing_outside_its_folder(template, tmp_path, path):
    (tmp_path / "secret.txt").write_text("secret")

    with pytest.raises(typst.TypstError, match=r"not found|escape"):
        to_pdf(template(f'#read("{path}")'), {})


def test_a_template_sees_its_own_folder(template, tmp_path):
    paper = template('#read("own.txt")')
    (tmp_path / "papers" / "own.txt").write_text("ours")

    assert to_pdf(paper, {})


def test_a_font_that_is_not_there_is_an_error(template):
    with pytest.raises(Misprint, match="nope"):
        to_pdf(template('#set text(font: "Nope")\n字'), {})


def test_the_fonts_are_ours_alone():
    assert set(press._fonts().families()) == press.FAMILIES


def test_a_missing_wheel_of_fonts_is_noticed_at_once(monkeypatch, tmp_path):
    monkeypatch.setattr(press.pylopdf_fonts_zh_cn, "__file__", str(tmp_path / "__init__.py"))

    with pytest.raises(Misprint, match="Noto Sans SC"):
        press._fonts.__wrapped__()


def test_a_jpeg_reaches_the_pdf_untouched(template):
    picture = jpeg()

    assert picture in to_pdf(template('#picture("portrait")'), {}, pictures={"portrait": picture})


@pytest.mark.parametrize(
    "picture", (jpeg(), qr("JZ26"), to_png(FORM, example("form"), ppi=20)[0]), ids=["jpeg", "svg", "png"]
)
def test_jpeg_svg_and_png_are_pictures(template, picture):
    paper = template('#if has-picture("it") { picture("it", width: 20mm, height: 20mm) }')

    with_it, without = to_png(paper, {}, pictures={"it": picture}), to_png(paper, {})

    assert with_it != without


def test_something_else_is_no_picture(template):
    with pytest.raises(Misprint, match="portrait"):
        to_pdf(template(""), {}, pictures={"portrait": b"GIF89a"})


def test_every_page_is_a_png_as_fine_as_asked(template):
    paper = template('#set page(paper: "a4")\n甲#pagebreak()乙')

    pages = to_png(paper, {}, ppi=72)

    assert [_size(page) for page in pages] == [(595, 842), (595, 842)]
    assert _size(to_png(paper, {}, ppi=144)[0]) == (1191, 1684)


def test_what_json_cannot_say_is_refused(template):
    with pytest.raises(TypeError):
        to_pdf(template(""), {"name": object()})


def test_templates_import_nothing_from_the_network():
    root = Path(printing.__path__[0]).parent
    packages = {
        name
        for path in root.rglob("*.typ")
        for name in re.findall(r'"(@[^"]+)"', path.read_text(encoding="utf-8"))
    }

    assert PRINT.is_relative_to(root)
    assert packages == {"@zhupei/paper:1.0.0"}


def _size(page: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(page)) as image:
        return image.size
