from datetime import date

import pytest

from zhupei.lib import certificate_codes as codes

OWN = "420106199308084515"
CODE = "201842110" + OWN


@pytest.mark.parametrize(
    "code", ("", CODE, f" {CODE[:9]} {CODE[9:]} ", "201842110" + OWN[:-1], "OLD-1999-001")
)
def test_a_physician_code_with_the_own_number_or_an_older_length_is_no_error(code):
    assert codes.physician_code_problems(code, id_number=OWN) == []


def test_a_physician_code_may_end_in_a_small_x():
    assert codes.physician_code_problems("20184211011010519491231002x", id_number="11010519491231002X") == []


@pytest.mark.parametrize(
    ("code", "problems"),
    (
        (CODE[:-1] + "6", ["医师资格证书编码后 18 位与本人证件号不一致"]),
        ("A" + CODE[1:], ["医师资格证书编码应为 26 位数字加 1 位数字或 X"]),
        (CODE[:-1] + "号", ["医师资格证书编码只能是数字和字母"]),
    ),
    ids=("somebody else's", "letter", "other characters"),
)
def test_a_physician_code_that_cannot_be_right_is_an_error(code, problems):
    assert codes.physician_code_problems(code, id_number=OWN) == problems


def test_the_code_of_somebody_with_a_passport_has_nothing_to_be_compared_with():
    assert codes.physician_code_problems(CODE, id_number="E12345678") == []


@pytest.mark.parametrize(
    ("code", "warnings"),
    (
        ("", []),
        (CODE, []),
        (CODE[:-1], ["医师资格证书编码一般为 27 位，现在是 26 位，请核对"]),
        ("189899110" + OWN, [
            "医师资格证书编码前 4 位应为取得年份，现在是 1898，请核对",
            "医师资格证书编码第 5–6 位应为省份代码，现在是 99，请核对",
        ]),
    ),
    ids=("nothing", "usual", "another length", "year and province"),
)  # fmt: skip
def test_what_is_unusual_about_a_physician_code_is_a_warning(code, warnings):
    assert codes.physician_code_warnings(code) == warnings


@pytest.mark.parametrize(
    ("code", "problems"),
    (
        ("", []),
        ("104861201605001234", []),
        ("１０４８６-1", []),
        ("10486", ["毕业证书编号应为 6–40 位，现在是 5 位"]),
        ("1" * 41, ["毕业证书编号应为 6–40 位，现在是 41 位"]),
        ("鄂字123456", ["毕业证书编号只能是数字和字母"]),
    ),
)
def test_a_diploma_number_has_6_to_40_letters_or_digits(code, problems):
    assert codes.diploma_problems(code) == problems


@pytest.mark.parametrize(
    ("code", "graduated", "warnings"),
    (
        ("104861201605001234", date(2016, 6, 30), []),
        ("104861201605001234", None, []),
        (
            "104861201605001234",
            date(2017, 6, 30),
            ["毕业证书编号中的年份是 2016，毕业时间是 2017 年，请核对"],
        ),
        ("104861001605001234", None, ["毕业证书编号第 7–10 位应为毕业年份，现在是 0016，请核对"]),
        ("1048612016050012", date(2017, 6, 30), []),
    ),
    ids=("same year", "no date", "another year", "no year", "not 18 digits"),
)
def test_an_18_digit_diploma_number_carries_the_year(code, graduated, warnings):
    assert codes.diploma_warnings(code, graduated=graduated) == warnings


@pytest.mark.parametrize(
    ("code", "professional", "warnings"),
    (
        ("Z1048632016000123", True, []),
        ("1048632016000123", False, []),
        ("1048632016000123", None, []),
        ("", True, []),
        ("1048632016000123", True, ["专业学位的证书编号一般以 Z 开头，请核对学位类型"]),
        ("z1048632016000123", False, ["Z 开头的是专业学位证书编号，请核对学位类型"]),
    ),
)
def test_a_degree_number_with_z_is_professional(code, professional, warnings):
    assert codes.degree_warnings(code, professional=professional) == warnings
