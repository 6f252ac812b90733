import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhupei.lib.sealing import KeyRing, Unsealable

RING = KeyRing.generate()
CONTEXT = "accounts_user.id_number"
NUMBER = "420106199308084515"


@given(st.text())
def test_what_is_sealed_can_be_unsealed(text):
    assert RING.unseal(RING.seal(text, context=CONTEXT), context=CONTEXT) == text


def test_a_sealed_text_names_its_version_and_key_and_is_never_the_same_twice():
    first, second = RING.seal(NUMBER, context=CONTEXT), RING.seal(NUMBER, context=CONTEXT)

    assert first.startswith("v1.k1.")
    assert first.count(".") == 3
    assert first != second


def test_nothing_is_sealed_as_nothing():
    assert (
        RING.seal("", context=CONTEXT)
        == RING.unseal("", context=CONTEXT)
        == RING.blind("", context=CONTEXT)
        == ""
    )


def test_a_value_copied_into_another_column_does_not_open():
    with pytest.raises(Unsealable, match="密钥不符，或密文已被改动"):
        RING.unseal(RING.seal(NUMBER, context=CONTEXT), context="accounts_user.phone")


def test_another_ring_opens_nothing():
    with pytest.raises(Unsealable):
        KeyRing.generate().unseal(RING.seal(NUMBER, context=CONTEXT), context=CONTEXT)


@given(st.integers(0, 10_000), st.sampled_from("Ab0-"))
def test_a_changed_character_is_noticed(position, character):
    token = RING.seal(NUMBER, context=CONTEXT)
    start = len("v1.k1.")
    position = start + position % (len(token) - start - 1)  # the last one has bits that mean nothing
    changed = token[:position] + character + token[position + 1 :]

    if "." not in (token[position], token[position + 1]) and changed != token:
        with pytest.raises(Unsealable):
            RING.unseal(changed, context=CONTEXT)


@pytest.mark.parametrize(
    "token",
    (
        NUMBER,
        "v1.k1.AAAA",
        "v2.k1.AAAA.AAAA",
        "v1.k9.AAAA.AAAA",
        "v1.k1.A.A",
        "v1.k1.é.A",
        "v1.k1..",
        "...",
        "v1.k1.AAAA.AAAA",
    ),
)
def test_what_was_never_sealed_is_refused_without_being_repeated(token):
    with pytest.raises(Unsealable) as caught:
        RING.unseal(token, context=CONTEXT)

    assert token not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_equal_values_have_equal_blind_indexes_within_one_column_only():
    blind = RING.blind(NUMBER, context=CONTEXT)

    assert blind == RING.blind(NUMBER, context=CONTEXT)
    assert len(blind) == 64
    assert blind != RING.blind(NUMBER, context="accounts_user.phone")
    assert blind != KeyRing.generate().blind(NUMBER, context=CONTEXT)


def test_a_key_file_brings_the_same_ring_back():
    assert KeyRing.from_json(RING.to_json()) == RING
    assert set(json.loads(RING.to_json())) == {"current", "keys", "index"}


def test_after_a_rotation_old_texts_open_and_new_ones_use_the_new_key():
    old = RING.seal(NUMBER, context=CONTEXT)
    rotated = RING.with_new_key()
    new = rotated.seal(NUMBER, context=CONTEXT)

    assert rotated.unseal(old, context=CONTEXT) == rotated.unseal(new, context=CONTEXT) == NUMBER
    assert new.startswith("v1.k2.")
    assert (rotated.is_current(old), rotated.is_current(new), rotated.is_current("")) == (False, True, True)
    assert rotated.blind(NUMBER, context=CONTEXT) == RING.blind(NUMBER, context=CONTEXT)
    with pytest.raises(Unsealable, match="没有这条密文所用的密钥"):
        RING.unseal(new, context=CONTEXT)


def test_a_ring_never_shows_its_keys():
    secrets = [*json.loads(RING.to_json())["keys"].values(), repr(RING.keys["k1"]), repr(RING.index)]

    assert not any(secret in repr(RING) for secret in secrets)


@pytest.mark.parametrize(
    "text",
    (
        "",
        "[]",
        "{}",
        '{"current": "k1", "keys": {}, "index": ""}',
        '{"current": "k1", "keys": {"k1": "c2hvcnQ="}, "index": "c2hvcnQ="}',
        '{"current": "k1", "keys": {"k1": "***"}, "index": "c2hvcnQ="}',
        RING.to_json().replace("k1", "k.1"),
    ),
)
def test_a_key_file_that_is_none_is_refused_without_being_repeated(text):
    with pytest.raises(ValueError, match="密钥文件") as caught:
        KeyRing.from_json(text)

    assert "c2hvcnQ" not in str(caught.value)
