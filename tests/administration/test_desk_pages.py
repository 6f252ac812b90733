"""What the desks show and ask before anything happens."""

import pytest

from tests.browsing import signed_in
from zhupei.organisations.choices import Role

from .test_desks import base, desks, holder, ours, text_of

__all__ = ["base", "ours"]


@pytest.mark.parametrize("desk", ("base", "support", "admin"))
def test_a_reset_is_asked_for_before_it_happens(ours, desk):
    everybody = desks(ours) | {"admin": (holder(Role.ADMIN, ours.base.province), f"/people/{ours.user_id}/")}
    user, page = everybody[desk]

    shown = text_of(signed_in(user).get(page))

    asked = shown[shown.index('<details class="confirm">') : shown.index("确定重置</button>")]
    assert f"确定重置{ours.user}的登录密码？" in asked
    assert shown.count("重置</button>") == 1
    if desk != "base":  # Enter in the note would send the form: it, too, waits behind the first step
        assert 'name="note"' in asked


def test_a_reset_without_a_note_keeps_the_question_open(ours):
    user, page = desks(ours)["support"]

    assert '<details class="confirm" open>' in text_of(signed_in(user).post(f"{page}reset/", {"note": ""}))


def test_a_desk_has_no_form_for_what_it_may_not_do(ours):
    user, page = desks(ours)["province"]

    shown = text_of(signed_in(user).get(page))

    assert "reset/" not in shown
    assert f"由{ours.base}的基地管理员或平台客服重置" in shown


def test_the_accounts_say_who_is_a_trainee_and_point_to_no_page_that_is_not_there(ours):
    reader = signed_in(holder(Role.ADMIN, ours.base.province))

    shown = text_of(reader.get("/people/"))
    assert f"{ours.user}</a>" in shown
    assert "学员</td>" in shown
    assert "现在没有任职" not in shown
    assert "学员名单" not in shown
    assert "现在没有任职" not in text_of(reader.get(f"/people/{ours.user_id}/"))

    at_the_base = text_of(signed_in(holder(Role.BASE, ours.base)).get("/people/"))
    assert 'href="/base/trainees/">学员名单</a>里重置' in at_the_base
