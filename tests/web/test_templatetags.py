"""The words of our templates, on forms and moments that no app owns."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.template.loader import render_to_string

from zhupei.lib.verdicts import ALLOWED, Reason, Verdict, no
from zhupei.web.forms import DayInput, Renderer
from zhupei.web.looks import MESSAGE_TONES, STAGE_ICONS, STATES, TONE_ICONS

NOON = datetime(2026, 3, 18, 6, 5, 12, tzinfo=UTC)  # 14:05:12 in Asia/Shanghai


class Sheet(forms.Form):
    default_renderer = Renderer

    phone = forms.CharField(label="手机", help_text="11 位手机号")
    born = forms.DateField(label="出生日期", widget=DayInput(), required=False)
    skill = forms.ChoiceField(label="能力", choices=[("1", "强"), ("2", "差")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="我已核对", error_messages={"required": "请先核对"})
    secret = forms.CharField(label="密码", widget=forms.PasswordInput, required=False)
    opinion = forms.CharField(label="意见", widget=forms.Textarea, required=False)
    portrait = forms.FileField(label="照片")
    token = forms.CharField(label="编号", widget=forms.HiddenInput, required=False)


def shown(template: str, **context: object) -> str:
    return Template(template).render(Context(context))


# --- Icons and states ------------------------------------------------------------------------


def test_an_icon_points_into_the_sprite_and_is_silent():
    html = shown('{% icon "done" %}')

    assert 'aria-hidden="true"' in html
    assert 'href="/static/web/icons.svg#done"' in html


def test_every_icon_of_a_stage_a_state_or_a_tone_is_in_the_sprite(settings):
    sprite = (settings.PACKAGE / "web/static/web/icons.svg").read_text(encoding="utf-8")
    named = {*STAGE_ICONS.values(), *TONE_ICONS.values(), *(icon for icon, _ in STATES.values())}

    assert {name for name in named if f'id="{name}"' not in sprite} == set()


def test_a_stage_says_its_word_beside_its_icon():
    html = shown('{% stage "city" "待市局审核" tag=True %}')

    assert html.startswith('<span class="status" data-stage="city" data-kind="tag">')
    assert "#clock" in html
    assert html.endswith("待市局审核</span>")


def test_a_state_has_a_word_of_its_own_unless_it_is_given_one():
    assert "未填写" in shown('{% state "missing" %}')
    assert "合格 · 2 页" in shown('{% state "ok" "合格 · 2 页" %}')


def test_a_text_in_a_state_is_escaped():
    assert "&lt;b&gt;" in shown('{% state "ok" text %}', text="<b>")


def test_a_note_frames_what_stands_in_it():
    html = shown('{% note "wait" role="alert" %}<p>{{ text }}</p>{% endnote %}', text="<i>")

    assert '<div class="note" data-tone="wait" role="alert">' in html
    assert "<p>&lt;i&gt;</p>" in html


@pytest.mark.parametrize("level", constants.DEFAULT_TAGS.values())
def test_every_level_of_a_message_has_a_tone_with_an_icon(level):
    assert MESSAGE_TONES[level] in TONE_ICONS


@pytest.mark.parametrize(("level", "role"), ((constants.ERROR, "alert"), (constants.SUCCESS, "status")))
def test_a_refusal_interrupts_and_a_success_does_not(level, role):
    assert f'role="{role}"' in shown("{% message_note message %}", message=Message(level, "申请已提交"))


# --- Fields -------------------------------------------------------------------------------------


def test_a_field_is_label_mark_hint_and_control_in_this_order():
    html = shown('{% field form.phone size="id" %}', form=Sheet())

    order = ['<label for="id_phone">手机', "必填", 'id="id_phone_helptext"', "<input"]
    assert [html.index(part) for part in order] == sorted(html.index(part) for part in order)
    assert 'class="input"' in html
    assert 'data-size="id"' in html
    assert 'aria-describedby="id_phone_helptext"' in html


def test_what_is_missing_is_said_by_us_and_not_by_the_browser():
    html = shown("{% field form.phone %}", form=Sheet({}))

    assert " required" not in html
    assert "手机未填写" in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in html
    assert "照片未上传" in shown("{% field form.portrait %}", form=Sheet({}))


def test_the_words_a_form_has_of_its_own_are_kept():
    assert "请先核对" in shown("{% field form.agreed %}", form=Sheet({}))


def test_what_was_typed_is_still_there_beside_its_error():
    html = shown("{% field form.born %}", form=Sheet({"born": "2026-13-01"}))

    assert 'value="2026-13-01"' in html
    assert 'class="error"' in html


def test_the_mark_can_be_set_apart_from_what_the_form_requires():
    assert "必填" not in shown("{% field form.phone must=False %}", form=Sheet())
    assert "必填" in shown("{% field form.born must=True %}", form=Sheet())


def test_a_missing_field_says_so_in_a_word():
    html = shown("{% field form.born missing=True %}", form=Sheet())

    assert "未填写" in html
    assert '<input type="date"' in html
    assert 'data-state="missing"' in html


def test_a_date_reaches_the_calendar_in_iso_form():
    html = shown("{% field form.born %}", form=Sheet(initial={"born": date(1993, 8, 8)}))

    assert 'value="1993-08-08"' in html
    assert 'data-size="date"' in html


def test_radio_buttons_are_a_group_with_a_legend():
    choices = shown("{% field form.skill %}", form=Sheet({}))
    scale = shown("{% field form.skill scale=True %}", form=Sheet())

    assert '<fieldset class="field" aria-describedby="id_skill_error">' in choices
    assert choices.count('class="choice"') == 2
    assert '<legend class="vh">能力（必填）</legend>' in scale
    assert 'class="scale"' in scale


def test_a_tick_box_stands_before_its_label():
    html = shown("{% field form.agreed %}", form=Sheet())

    assert html.index('type="checkbox"') < html.index("我已核对")
    assert 'class="input"' not in html


def test_a_password_can_be_shown_once_the_script_is_there():
    html = shown("{% field form.secret %}", form=Sheet({"secret": "Correct Horse"}))

    assert 'aria-pressed="false" aria-controls="id_secret" hidden>显示</button>' in html
    assert "Correct Horse" not in html


def test_a_control_in_a_bare_cell_wears_the_look_too():
    assert 'class="input"' in shown("{{ form.opinion }}", form=Sheet())
    assert 'rows="4"' in shown("{{ form.opinion }}", form=Sheet())
    assert "class" not in shown("{{ form.token }}", form=Sheet())


def test_the_summary_repeats_the_errors_with_links_to_the_fields():
    form = Sheet({"phone": "1", "agreed": "on"})
    form.add_error(None, "两次输入不一样")

    html = shown("{% error_summary form %}", form=form)

    assert 'role="alert" tabindex="-1"' in html
    assert "有 3 处需要更正" in html
    assert "<li>两次输入不一样</li>" in html
    assert '<a href="#id_skill_0">能力未填写</a>' in html
    assert '<a href="#id_portrait">照片未上传</a>' in html


def test_there_is_no_summary_before_something_is_wrong():
    assert shown("{% error_summary form %}", form=Sheet()).strip() == ""


def test_each_form_has_a_number_of_its_own():
    assert shown("{% attempt %}") != shown("{% attempt %}")


# --- Buttons that explain themselves ---------------------------------------------------------------


def test_a_button_that_may_be_pressed_submits():
    html = shown('{% act "提交申请" verdict kind="primary" name="deed" value="go" %}', verdict=ALLOWED)

    assert '<button class="button" data-kind="primary" name="deed" value="go">提交申请</button>' in html
    assert "whynot" not in html


def test_a_refused_button_stays_and_says_why_and_where_to_go():
    verdict = Verdict(
        (Reason("还差 6 项，看清单", "#todo"), Reason("年份为 2027", "/change/", "申请修改年份"))
    )

    html = shown('{% act "提交申请" verdict id="submit" %}', verdict=verdict)

    assert 'type="button" aria-disabled="true" aria-describedby="why-submit"' in html
    assert '<div class="whynot" id="why-submit">' in html
    assert '<a href="#todo">还差 6 项，看清单</a>' in html
    assert '年份为 2027：<a href="/change/">申请修改年份</a>' in html


# --- Times, sizes, numbers -----------------------------------------------------------------------------


def test_a_moment_is_shown_in_the_time_of_the_site():
    assert shown("{{ at|moment }}", at=NOON) == (
        '<time datetime="2026-03-18T14:05:12+08:00" class="nowrap">2026-03-18 14:05</time>'
    )
    assert "2026-03-18 14:05:12<" in shown("{{ at|moment_seconds }}", at=NOON)
    assert shown("{{ at|moment }}", at=None) == ""


def test_a_day_is_the_day_of_the_site():
    assert shown("{{ on|day }}", on=date(2026, 3, 18)) == "2026-03-18"
    assert shown("{{ on|day }}", on=datetime(2026, 3, 18, 17, 0, tzinfo=UTC)) == "2026-03-19"


@pytest.mark.parametrize(
    ("left", "words"),
    (
        (timedelta(days=9, hours=9, minutes=54, seconds=59), "9 天 9 小时 54 分"),
        (timedelta(days=1), "1 天 0 小时 0 分"),
        (timedelta(hours=2, minutes=5), "2 小时 5 分"),
        (timedelta(minutes=1), "1 分"),
        (timedelta(seconds=59), "不到 1 分"),
        (timedelta(0), "不到 1 分"),
        (timedelta(seconds=-1), "已截止"),
    ),
)
def test_a_countdown_says_what_is_left(left, words):
    assert shown("{{ deadline|countdown:now }}", deadline=NOON + left, now=NOON) == words


@pytest.mark.parametrize(
    ("size", "words"), ((1, "1 KB"), (300 * 1024, "300 KB"), (300 * 1024 + 1, "301 KB"), (3 << 20, "3.0 MB"))
)
def test_a_size_over_a_limit_never_reads_as_within_it(size, words):
    assert shown("{{ size|kib }}", size=size) == words


def test_a_number_is_masked():
    assert shown("{{ number|mask_id }}", number="420106199308084515") == "4201**********4515"


# --- Parts ---------------------------------------------------------------------------------------------


def slot(**facts: object) -> SimpleNamespace:
    return SimpleNamespace(
        **{
            "name": "学位证书",
            "state": "empty",
            "status_text": "未上传",
            "pages": [],
            "anchor": "degree",
            "upload_url": "/up/",
            "next_url": "",
            "accept": "image/jpeg",
            "single": False,
            "can_add": True,
            "quiet_name": False,
            "errors": (),
            "can_upload": True,
            "upload_verdict": ALLOWED,
            **facts,
        }
    )


PAGE = SimpleNamespace(thumb_url="/small/", view_url="/view/", alt="学位证书：预览")


def test_an_empty_slot_offers_a_form_that_works_without_scripts():
    html = shown('{% include "web/parts/slot.html" %}', slot=slot(), csrf_token="token")

    assert 'action="/up/" enctype="multipart/form-data"' in html
    assert 'name="csrfmiddlewaretoken" value="token"' in html
    assert '<input type="hidden" name="mode" value="add">' in html
    assert 'type="file" name="pictures"' in html
    assert "提交选好的文件" in html


def test_a_filled_slot_shows_its_picture_and_can_be_replaced():
    html = shown(
        '{% include "web/parts/slot.html" %}', slot=slot(state="ok", status_text="合格", pages=[PAGE, PAGE])
    )

    assert html.count('<img src="/small/"') == 1
    assert 'name="mode" value="replace"' in html
    assert "第 2 页" in html


def test_a_slot_that_takes_nothing_says_why():
    closed = slot(state="later", can_upload=False, upload_verdict=no("还没有出科"))

    html = shown('{% include "web/parts/slot.html" %}', slot=closed)

    assert "<form" not in html
    assert "还没有出科" in html


def test_a_refused_upload_says_what_is_wrong_in_the_slot():
    html = shown('{% include "web/parts/slot.html" %}', slot=slot(state="blocked", errors=["文件不是图片"]))

    assert 'role="alert"' in html
    assert "文件不是图片" in html


def test_the_steps_mark_where_one_is():
    steps = [
        {"state": "done", "name": "学员申请", "at": NOON, "text": "提交"},
        {"state": "now", "name": "基地审核"},
    ]

    html = shown('{% include "web/parts/steps.html" %}', steps=steps)

    assert html.count('aria-current="step"') == 1
    assert "2026-03-18 14:05</time> 提交" in html


def test_an_opinion_not_given_yet_is_a_word():
    opinions = [
        {"label": "基地意见", "state": "returned", "text": "不通过 (数据不全)", "by": "第一医院", "at": NOON},
        {"label": "市局意见", "state": ""},
    ]

    html = shown('{% include "web/parts/opinions.html" %}', opinions=opinions)

    assert "不通过 (数据不全)" in html
    assert "尚未审核" in html


@pytest.mark.parametrize(
    "name", ("400.html", "403.html", "403_csrf.html", "404.html", "409.html", "500.html")
)
def test_an_error_page_needs_nothing_but_itself(name):
    html = render_to_string(name)

    assert html.strip().startswith("<!doctype html>")
    assert '<main id="main"' in html
