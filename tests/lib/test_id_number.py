import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhupei.lib import id_number
from zhupei.lib.id_number import Kind

VECTORS = json.loads(Path(__file__).with_name("id_test_vectors.json").read_text(encoding="utf-8"))
VALID = [vector for vector in VECTORS if vector["checksum_ok"]]
INVALID = [vector for vector in VECTORS if not vector["checksum_ok"]]
TODAY = date(2026, 11, 23)
WUCHANG = "420106199308084515"
CHECKSUM = "证件号码校验不通过，请逐位核对"


def kind_of(number):
    prefixes = {"8": Kind.RESIDENCE_PERMIT, "9": Kind.FOREIGN_PERMANENT}
    return prefixes.get(number[0], Kind.RESIDENT)


def problems(number, kind=Kind.RESIDENT, today=TODAY, **kwargs):
    return id_number.problems(kind, number, today=today, **kwargs)


@pytest.mark.parametrize("vector", VALID, ids=lambda vector: vector["note"])
def test_a_number_with_a_right_check_digit_passes_and_tells_birth_and_sex(vector):
    number, kind = vector["id"], kind_of(vector["id"])

    assert problems(number, kind, ages=(0, 200)) == []
    assert f"{id_number.birth_date(kind, number):%Y%m%d}" == vector["birth"]
    assert id_number.sex(kind, number) == {"男": "male", "女": "female"}[vector["sex"]]


@pytest.mark.parametrize("vector", INVALID, ids=lambda vector: vector["note"])
def test_the_wrong_vectors_are_refused_and_the_right_check_digit_is_never_told(vector):
    found = problems(vector["id"])

    assert found
    assert "应为 5" not in "".join(found)


@pytest.mark.parametrize(
    ("number", "expected"),
    (
        ("", ["请填写证件号码"]),
        (WUCHANG[:-1], ["证件号码应为 18 位，现在是 17 位"]),
        (WUCHANG + "1", ["证件号码应为 18 位，现在是 19 位"]),
        ("42010619930808451A", ["证件号码只能是数字，最后一位可以是 X"]),
        ("4201061993X", ["证件号码应为 18 位，现在是 11 位"]),
        ("张三", ["证件号码应为 18 位，现在是 2 位", "证件号码只能是数字，最后一位可以是 X"]),
        ("٤٢٠١٠٦١٩٩٣٠٨٠٨٤٥١٥", ["证件号码只能是数字，最后一位可以是 X"]),
        ("420106199308084516", [CHECKSUM]),
        ("420106199302300010", ["证件号码中的出生日期 1993-02-30 不存在，请核对"]),
        ("440524188001010014", ["按证件号码计算为 146 岁，应在 16–80 岁之间，请核对"]),
        ("810000199001010019", ["81 开头的是港澳台居民居住证，请改选证件类型"]),
        ("990106199313084515", [
            "证件号码开头的 99 不是省份代码，请核对",
            "证件号码中的出生日期 1993-13-08 不存在，请核对",
            CHECKSUM,
        ]),
    ),
    ids=(
        "empty", "one short", "one over", "letter", "X inside is only short", "both", "arabic digits",
        "check digit", "30 February", "146 years", "residence permit", "everything at once",
    ),
)  # fmt: skip
def test_what_is_wrong_with_a_resident_number_is_said_in_sentences(number, expected):
    assert problems(number) == expected


def test_a_birth_date_in_the_future_is_no_age():
    assert "证件号码中的出生日期 2099-12-31 还没有到，请核对" in problems("420106209912310014")


@pytest.mark.parametrize(
    ("today", "fine"),
    (
        (date(2009, 8, 7), False),
        (date(2009, 8, 8), True),
        (date(2074, 8, 7), True),
        (date(2074, 8, 8), False),
    ),
    ids=("15", "16 today", "80 until tomorrow", "81 today"),
)
def test_trainees_are_16_to_80_years_old_both_included(today, fine):
    assert (problems(WUCHANG, today=today) == []) is fine


@pytest.mark.parametrize(
    "text", ("420106 19930808 4515", "４２０１０６１９９３０８０８４５１５", "420106-19930808-4515")
)
def test_spaces_dashes_and_full_width_digits_do_not_matter(text):
    assert problems(text) == []
    assert id_number.normalise(text) == WUCHANG


def test_the_last_x_may_be_small():
    assert problems("11010519491231002x") == []


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(position, shift):
    wrong = (int(WUCHANG[position]) + shift) % 10
    assert problems(f"{WUCHANG[:position]}{wrong}{WUCHANG[position + 1 :]}")


@given(st.text(), st.sampled_from(Kind))
def test_no_text_breaks_the_check(text, kind):
    assert isinstance(problems(text, kind), list)
    id_number.birth_date(kind, text)
    id_number.sex(kind, text)


@pytest.mark.parametrize(
    ("kind", "number"),
    (
        (Kind.OFFICER, "军字第1234567号"),
        (Kind.PASSPORT, "E12345678"),
        (Kind.PASSPORT, "e1 234-5678"),
        (Kind.HK_MACAO_PERMIT, "H12345678"),
        (Kind.HK_MACAO_PERMIT, "m1234567801"),
        (Kind.TAIWAN_PERMIT, "12345678"),
        (Kind.TAIWAN_PERMIT, "1234567890（b）"),
        (Kind.RESIDENCE_PERMIT, "830000199001010012"),
        (Kind.FOREIGN_PERMANENT, "942840198507120013"),
        (Kind.FOREIGN_PERMANENT, "usa110085071201"),
    ),
)
def test_each_kind_has_its_own_shape(kind, number):
    assert problems(number, kind) == []


@pytest.mark.parametrize(
    ("kind", "number"),
    (
        (Kind.OFFICER, "1234567"),
        (Kind.PASSPORT, "E123"),
        (Kind.PASSPORT, "E12345678901234X"),
        (Kind.HK_MACAO_PERMIT, "H1234567"),
        (Kind.HK_MACAO_PERMIT, "T12345678"),
        (Kind.TAIWAN_PERMIT, "1234567"),
        (Kind.RESIDENCE_PERMIT, WUCHANG),
        (Kind.FOREIGN_PERMANENT, WUCHANG),
        (Kind.FOREIGN_PERMANENT, "US1110085071201"),
    ),
)
def test_what_has_another_shape_is_refused(kind, number):
    assert problems(number, kind)


@pytest.mark.parametrize("kind", (Kind.PASSPORT, Kind.OFFICER, Kind.TAIWAN_PERMIT, Kind.HK_MACAO_PERMIT))
def test_other_documents_say_nothing_about_birth_and_sex(kind):
    assert id_number.birth_date(kind, WUCHANG) is None
    assert id_number.sex(kind, WUCHANG) is None


@pytest.mark.parametrize(
    ("number", "masked"),
    (
        (WUCHANG, "4201**********4515"),
        ("E12345678", "E******78"),
        ("12345", "1**45"),
        ("1234", "****"),
        ("", ""),
    ),
)
def test_a_masked_number_is_recognised_by_its_owner_only(number, masked):
    assert id_number.mask(number) == masked


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        (WUCHANG, True),
        ("４２０１０６19930808451x", True),
        ("13800000121", False),
        ("a@b.cn", False),
        ("", False),
    ),
)
def test_a_resident_number_is_told_from_a_phone_and_an_address(text, expected):
    assert id_number.looks_like_resident_number(text) is expected
