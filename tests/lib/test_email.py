import pytest

from zhupei.lib import email


@pytest.mark.parametrize(
    "text", ("  ShenZhiYuan@Example.CN ", "shenzhiyuan＠example。cn", "\u200bshenzhiyuan@example.cn\n")
)
def test_an_address_is_the_same_however_it_is_typed(text):
    assert email.normalise(text) == "shenzhiyuan@example.cn"
    assert email.problems(text) == []


@pytest.mark.parametrize(
    "text", ("shen", "@example.cn", "a b@example.cn", "a@b@example.cn", "a@example", "a@例子")
)
def test_what_is_no_address_is_refused(text):
    assert email.problems(text) == ["邮箱格式不对，应像 name@example.cn"]


def test_254_characters_are_the_limit():
    domain = "@" + ".".join(["d" * 60] * 3) + ".cn"
    longest = "a" * (64 - 10) + domain

    assert email.problems(longest) == []
    assert email.problems("a" * (255 - len(domain)) + domain) == ["邮箱应不超过 254 个字符，现在是 255 个"]
    assert email.problems("") == ["请填写邮箱"]


@pytest.mark.parametrize(
    ("address", "masked"),
    (
        ("shenzhiyuan@example.cn", "sh***@example.cn"),
        ("abc@example.cn", "ab***@example.cn"),
        ("ab@example.cn", "a***@example.cn"),
        ("no address", "***"),
        ("", ""),
    ),
)
def test_a_masked_address_is_recognised_by_its_owner_only(address, masked):
    assert email.mask(address) == masked
