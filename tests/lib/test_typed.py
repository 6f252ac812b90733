import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhupei.lib import typed

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # with lone surrogates


@pytest.mark.parametrize(
    ("text", "cleaned"),
    (
        ("沈\0知远", "沈知远"),
        ("一行\r\n二行\r三行\t完", "一行\n二行\n三行\t完"),
        ("\x07\x1b\x7f\x85好", "好"),
        ("a\ud83db", "ab"),
        ("\u202egpj.exe\u202c\u2066x\u2069\u200e", "gpj.exex"),
        ("\ufeff420\u200b106", "420106"),
        ("e\u0301", "é"),
        ("辛苦了👩\u200d⚕️", "辛苦了👩\u200d⚕️"),
    ),
    ids=("nul", "line breaks", "controls", "lone surrogate", "bidi", "zero width", "nfc", "emoji stays"),
)
def test_clean_drops_what_nobody_sees_and_keeps_the_rest(text, cleaned):
    assert typed.clean(text) == cleaned


@given(ANY_TEXT)
def test_clean_text_can_always_be_stored_and_cleaning_again_changes_nothing(text):
    cleaned = typed.clean(text)

    cleaned.encode()
    assert "\0" not in cleaned
    assert typed.clean(cleaned) == cleaned


def test_full_width_becomes_half_width_and_chinese_punctuation_stays():
    assert typed.half_width("ＡＢｃ１２３（４）＠　。、") == "ABc123(4)@ 。、"


@pytest.mark.parametrize(
    "text",
    (
        "42010619930808451x",
        " 420106 19930808 451Ｘ",
        "４２０１０６–１９９３０８０８—451x",
        "420106\u00a0\u300019930808\t451x",
    ),
)
def test_a_number_is_the_same_however_it_is_spaced_and_however_wide(text):
    assert typed.digits_and_letters(text) == "42010619930808451X"


@given(ANY_TEXT)
def test_a_number_has_one_normal_form(text):
    once = typed.digits_and_letters(text)

    assert typed.digits_and_letters(once) == once


@pytest.mark.parametrize("dot", tuple("・•‧∙·⋅･\u0387"))
def test_every_middle_dot_becomes_the_one_of_the_register(dot):
    assert typed.name(f"阿卜杜{dot}热合曼") == typed.name(f"阿卜杜 {dot} 热合曼") == "阿卜杜\u00b7热合曼"


@pytest.mark.parametrize(
    ("text", "name"),
    (
        ("  沈知远\u3000", "沈知远"),
        ("张\u3000三", "张三"),
        ("John   A  Smith", "John A Smith"),
        ("Ｌｉ Ｍｉｎｇ", "Li Ming"),
    ),
)
def test_a_name_is_stored_without_spaces_it_does_not_need(text, name):
    assert typed.name(text) == name


@pytest.mark.parametrize(
    "name",
    ("沈知远", "丁一", "阿卜杜·热合曼", "𠅤𪚥", "𰻝明", "〇一", "José Núñez", "John Smith", "王" * 50),
)
def test_names_people_really_have_are_fine(name):
    assert typed.name_problems(name) == []


@pytest.mark.parametrize(
    ("name", "problems"),
    (
        (" ", ["请填写姓名"]),
        ("王", ["姓名应为 2–50 个字，现在是 1 个"]),
        ("王" * 51, ["姓名应为 2–50 个字，现在是 51 个"]),
        ("王1明@", ["姓名只能用汉字、字母、空格和间隔号“·”，请去掉 1 @"]),
        ("·王明", ["姓名不能以间隔号“·”开头或结尾"]),
        ("1", ["姓名应为 2–50 个字，现在是 1 个", "姓名只能用汉字、字母、空格和间隔号“·”，请去掉 1"]),
    ),
    ids=("empty", "one short", "one over", "digits and signs", "dot first", "all at once"),
)
def test_what_is_wrong_with_a_name_is_said_at_once(name, problems):
    assert typed.name_problems(name) == problems
