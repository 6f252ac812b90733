import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhupei.lib import pinyin


@pytest.mark.parametrize(
    ("name", "initials", "full"),
    (
        ("沈知远", "szy", "shenzhiyuan"),
        ("单雪", "sx", "shanxue"),
        ("曾毅", "zy", "zengyi"),
        ("仇英", "qy", "qiuying"),
        ("尉迟恭", "ycg", "yuchigong"),
        ("单于明", "cym", "chanyuming"),
        ("吕布", "lb", "lvbu"),
        ("小单", "xd", "xiaodan"),
        ("买买提·艾力", "mmtal", "maimaitiaili"),
        ("José Li 3", "joseli3", "joseli3"),
        ("李Ming", "lming", "liming"),
        ("", "", ""),
        ("·？", "", ""),
    ),
)
def test_a_name_is_found_by_initials_and_in_full(name, initials, full):
    assert pinyin.initials(name) == initials
    assert pinyin.full(name) == full


@given(st.text())
def test_any_text_gives_at_most_100_small_letters_and_digits(text):
    for found in (pinyin.initials(text), pinyin.full(text)):
        assert len(found) <= 100
        assert all(c.isascii() and (c.isdigit() or c.islower()) for c in found)
