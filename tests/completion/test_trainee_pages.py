"""【考核申请】 as a trainee sees it."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests import factories as made
from tests.browsing import signed_in
from zhupei.completion.choices import Stage
from zhupei.completion.models import Application, Submission
from zhupei.organisations.choices import Level
from zhupei.training.choices import PaperKind


def page(application: Application, name: str = "application") -> str:
    answer = signed_in(application.trainee).get(reverse(f"completion:{name}", args=[application.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_entry_begins_a_draft_and_afterwards_leads_to_it():
    enrolment = made.trainee()
    made.season(province=enrolment.base.province)
    client = signed_in(enrolment.user)

    assert "开始填写申请" in client.get("/completion/").content.decode()
    begun = client.post("/completion/", {"attempt": "one"})
    assert client.post("/completion/", {"attempt": "one"}).url == begun.url

    assert client.get("/completion/").url == begun.url
    assert Application.objects.get().trainee == enrolment.user


def test_the_entry_says_so_when_no_season_is_open():
    enrolment = made.trainee()

    assert "现在没有开放的结业考核申请" in signed_in(enrolment.user).get("/completion/").content.decode()


def test_somebody_who_is_no_trainee_has_no_entry():
    assert signed_in(made.UserFactory()).get("/completion/").status_code == 404


def test_a_missing_item_keeps_the_button_and_says_why():
    application = made.draft()
    application.trainee.licence.qualified_date = None
    application.trainee.licence.save()

    shown = page(application)

    assert re.search(r'aria-disabled="true"[^>]*>提交申请', shown)
    assert "还差 1 项" in shown
    assert f"/training/profile/?from={application.pk}#id_qualified_date" in shown


def test_another_year_is_a_reason_with_a_way_out():
    application = made.draft()
    application.enrolment.completion_year += 1
    application.enrolment.save()

    shown = page(application)

    year = application.season.year
    assert f"结业考核年份为 {year + 1}，本季为 {year}" in shown
    assert "申请确认修改结业考核年份" in shown


def test_the_register_status_is_saved_as_soon_as_it_is_chosen():
    application = made.draft()
    client = signed_in(application.trainee)
    address = reverse("completion:register", args=[application.pk])

    client.post(address, {"status": "undone"})
    application.refresh_from_db()
    assert application.register_status == "undone"

    answer = client.post(address, {"status": "nonsense"})
    assert answer.status_code == 422
    assert "请选择“已完成”或“未完成”" in answer.content.decode()


def test_a_submission_wants_both_confirmations_and_keeps_what_was_ticked():
    application = made.draft()
    client = signed_in(application.trainee)
    address = reverse("completion:submit", args=[application.pk])

    answer = client.post(address, {"seen_round": 0, "confirmed": "on"})

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "请先勾选“我同意将身份证" in shown
    assert re.search(r'name="confirmed"[^>]*checked', shown)
    assert not Submission.objects.exists()


def test_the_same_form_sent_twice_submits_once_and_leads_to_the_same_receipt():
    application = made.draft()
    client = signed_in(application.trainee)
    address = reverse("completion:submit", args=[application.pk])
    form = {"seen_round": 0, "confirmed": "on", "consented": "on", "attempt": "the-form"}

    first, second = client.post(address, form), client.post(address, form)

    assert first.url == second.url == f"/completion/{application.pk}/receipts/1/"
    assert Submission.objects.count() == 1


def test_a_second_tab_hears_that_the_first_has_submitted():
    application = made.submitted()
    form = {"seen_round": 0, "confirmed": "on", "consented": "on"}

    answer = signed_in(application.trainee).post(reverse("completion:submit", args=[application.pk]), form)

    assert answer.status_code == 409
    assert "已在另一个页面提交" in answer.content.decode()
    assert reverse("completion:status", args=[application.pk]) in answer.content.decode()
    assert "处需要更正" not in answer.content.decode()


@pytest.mark.parametrize("form", (None, {"seen_round": 1, "confirmed": "on", "consented": "on"}, {}))
def test_the_check_of_what_is_under_review_leads_to_its_status(form):
    application = made.submitted()
    client = signed_in(application.trainee)
    address = reverse("completion:check", args=[application.pk])

    if form is None:
        answer = client.get(address, follow=True)
    else:
        answer = client.post(reverse("completion:submit", args=[application.pk]), form, follow=True)

    assert answer.redirect_chain == [(reverse("completion:status", args=[application.pk]), 302)]
    assert "第 1 次提交待基地审核，不能重复提交" in answer.content.decode()


def test_extra_fields_of_a_form_change_nothing():
    application = made.draft()
    form = {"status": "done", "stage": "approved", "base": "x", "round": "9", "is_staff": "1"}

    signed_in(application.trainee).post(reverse("completion:register", args=[application.pk]), form)

    application.refresh_from_db()
    assert (application.stage, application.round) == (Stage.DRAFT, 0)


def test_the_page_under_review_shows_what_was_submitted_and_offers_to_withdraw():
    application = made.submitted()
    application.trainee.profile.workplace = "另一家医院"
    application.trainee.profile.save()

    shown = page(application)

    assert "另一家医院" not in shown
    assert "撤回修改" in shown
    assert "确定撤回第 1 次提交？" in shown[shown.index('<details class="confirm">') :]
    assert "撤回修改" not in page(made.claimed())


def test_a_return_is_printed_as_the_guide_prints_it():
    application = made.returned(Level.CITY)

    shown = page(application, "status")

    assert "不通过 (数据不全)" in shown
    assert "更新提交数据信息" in shown
    assert "补正" in page(application)


def test_a_reviewers_name_is_not_shown_to_the_trainee():
    application = made.submitted()
    base_admin = made.reviewer(application.base)
    base_admin.full_name = "欧阳不见"
    base_admin.save()
    made.passed(application, by=base_admin)

    for name in ("application", "status", "materials"):
        assert "欧阳不见" not in page(application, name)


def test_pictures_laid_with_our_script_answer_with_the_slot():
    application = made.draft()
    rotation = application.enrolment.rotations.first()
    address = reverse("completion:lay_paper", args=[application.pk, rotation.pk, PaperKind.SUMMARY])
    client = signed_in(application.trainee)
    script = {"HTTP_HX_REQUEST": "true"}

    good = SimpleUploadedFile("../../evil.jpg", made.jpeg(), content_type="image/jpeg")
    answer = client.post(address, {"pictures": good, "mode": "add"}, **script)
    assert answer.status_code == 200
    assert "2 页" in answer.content.decode()

    bad = SimpleUploadedFile("scan.jpg", b"<html>", content_type="image/jpeg")
    answer = client.post(address, {"pictures": bad, "mode": "replace"}, **script)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert "2 页" in page(application, "materials")


def test_without_our_script_an_upload_comes_back_to_its_place():
    application = made.draft()
    rotation = application.enrolment.rotations.first()
    address = reverse("completion:lay_paper", args=[application.pk, rotation.pk, PaperKind.SUMMARY])

    answer = signed_in(application.trainee).post(address, {"mode": "add"}, follow=True)

    assert answer.redirect_chain[0][0].endswith(f"#r-{rotation.pk}")
    assert "请先选择图片，再点上传" in answer.content.decode()


def test_each_rotation_leads_to_the_print_of_its_two_papers():
    application = made.draft()
    rotation = application.enrolment.rotations.first()

    shown = page(application, "materials")

    for kind in ("summary", "assessment"):
        assert f'href="/training/rotations/{rotation.pk}/{kind}.pdf"' in shown


def test_papers_are_locked_under_review():
    application = made.submitted()
    rotation = application.enrolment.rotations.first()
    address = reverse("completion:lay_paper", args=[application.pk, rotation.pk, PaperKind.SUMMARY])
    picture = SimpleUploadedFile("a.jpg", made.jpeg(), content_type="image/jpeg")

    answer = signed_in(application.trainee).post(address, {"pictures": picture}, HTTP_HX_REQUEST="true")

    assert answer.status_code == 422
    assert "材料已锁定" in answer.content.decode()
    assert "已锁定" in page(application, "materials")


@pytest.mark.parametrize("name", ("application", "materials", "status", "check", "form_pdf"))
def test_somebody_elses_application_looks_like_none(name):
    application = made.submitted()
    stranger = made.draft()

    answer = signed_in(stranger.trainee).get(reverse(f"completion:{name}", args=[application.pk]))

    assert answer.status_code == 404


def test_the_pages_of_an_application_cost_the_same_with_one_rotation_and_with_three(queries):
    costs = {}
    for rotations in (1, 3):
        application = made.draft(rotations=rotations)
        client = signed_in(application.trainee)
        for name in ("application", "materials", "status", "check"):
            with queries() as counted:
                client.get(reverse(f"completion:{name}", args=[application.pk]))
            costs.setdefault(name, set()).add(len(counted))

    assert all(len(cost) == 1 and cost.pop() <= 15 for cost in costs.values()), costs


def test_both_papers_open_as_pdf_and_the_receipt_is_the_same_for_ever():
    application = made.submitted()
    client = signed_in(application.trainee)
    receipt = reverse("completion:receipt_pdf", args=[application.pk, 1])

    form = client.get(reverse("completion:form_pdf", args=[application.pk]))

    assert form["Content-Type"] == "application/pdf"
    assert form.content.startswith(b"%PDF")
    assert client.get(receipt).content == client.get(receipt).content


def test_a_closed_window_names_the_last_second():
    application = made.draft()
    season = application.season
    season.trainee_closes_at = timezone.now() - timedelta(seconds=2)
    season.save()

    assert "截止。您填写的内容和图片都保留着" in page(application)
