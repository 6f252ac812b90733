import pytest

from zhupei.lib import phone


@pytest.mark.parametrize(
    "text",
    (
        "13800000121",
        "+86 138-0000-0121",
        "(+86)13800000121",
        "0086 13800000121",
        "8613800000121",
        "１３８　００００　０１２１",
        "\u202a+8613800000121\u202c",
    ),
)
def test_a_number_is_the_same_however_it_is_written(text):
    assert phone.normalise(text) == "13800000121"
    assert phone.problems(text) == []


def test_86_stays_where_it_is_part_of_the_number():
    assert phone.normalise("86138000001") == "86138000001"


@pytest.mark.parametrize(
    ("number", "problems"),
    (
        ("", ["请填写手机号"]),
        ("1380000012", ["手机号应为 11 位，现在是 10 位"]),
        ("138000001211", ["手机号应为 11 位，现在是 12 位"]),
        ("1380000012a", ["手机号只能是数字"]),
        ("12800000121", ["手机号应以 13–19 开头，请核对"]),
        ("١٣٨٠٠٠٠٠١٢١", ["手机号只能是数字"]),
    ),
)
def test_what_is_wrong_is_said_in_a_sentence(number, problems):
    assert phone.problems(number) == problems


@pytest.mark.parametrize(("number", "masked"), (("13800000121", "138****0121"), ("12345", "*****"), ("", "")))
def test_a_masked_number_keeps_three_and_four_digits(number, masked):
    assert phone.mask(number) == masked
