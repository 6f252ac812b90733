"""第六步: 出科小结 and 出科考核表, printed from 过程轮转."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.browsing import signed_in
from tests.factories import trainee
from zhupei.training import papers
from zhupei.training.choices import PaperKind
from zhupei.training.models import Rotation


def test_both_papers_of_a_rotation_are_printed_from_the_list(it_is):
    it_is(timezone.now())
    enrolment = trainee()
    client = signed_in(enrolment.user)
    rotation = enrolment.rotations.get()
    page = client.get(reverse("training:rotations")).content.decode()

    for kind in PaperKind:
        address = reverse("training:paper", args=[rotation.pk, kind.value])
        assert f'href="{address}"' in page
        printed = client.get(address)
        assert printed.headers["Content-Type"] == "application/pdf"
        assert printed.content == client.get(address).content
        assert printed.content != papers.paper(kind)


def test_a_paper_carries_what_the_system_knows():
    rotation = trainee().rotations.get()
    known = papers.form_data(PaperKind.ASSESSMENT, rotation)

    assert known["name"] == rotation.enrolment.user.full_name
    assert known["dates"] == rotation.dates
    assert known["indicators"] == [
        ["完成病历数", [7, 7, 100]],
        ["管理病种数", [34, 36, 100]],
        ["完成操作数", [0, 0, 100]],
        ["参加手术数", [39, 41, 100]],
    ]


@pytest.mark.parametrize("kind", PaperKind)
def test_long_names_and_signs_of_typst_are_printed_as_text(kind: PaperKind):
    rotation = trainee().rotations.get()
    rotation.department.name = '#read("/etc/passwd") *粗* $x$ ' + "x" * 80
    rotation.enrolment.user.full_name = "欧阳" * 25

    assert papers.paper(kind, rotation).startswith(b"%PDF")


def test_somebody_elses_paper_is_not_there(client: Client):
    rotation = trainee().rotations.get()
    stranger = signed_in(trainee().user)

    assert stranger.get(reverse("training:paper", args=[rotation.pk, "summary"])).status_code == 404


def test_there_is_no_third_paper():
    enrolment = trainee()
    rotation: Rotation = enrolment.rotations.get()

    address = reverse("training:paper", args=[rotation.pk, "pictures"])

    assert signed_in(enrolment.user).get(address).status_code == 404
