"""下载中心: our own sheets."""

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from zhupei.support import sheets


@pytest.mark.parametrize("sheet", sheets.SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_is_a_public_pdf_with_the_same_bytes_each_time(client: Client, sheet: sheets.Sheet):
    response = client.get(sheet.url)

    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert response.content == sheet.typeset() == sheet.typeset()


def test_there_is_no_other_sheet(client: Client):
    assert client.get(reverse("support:sheet", args=["form"])).status_code == 404


def test_the_list_names_every_file_with_its_size(client: Client):
    for name in ("home:downloads", "home:portal"):
        page = client.get(reverse(name)).content.decode()

        assert page.count("PDF · ") == len(sheets.SHEETS) + 1
        assert "出科考核表（空白样表）" in page
        assert reverse("home:guide_pdf") in page


@override_settings(PLATFORM_NAME='#read("/etc/passwd") *粗* $x$')
def test_the_platforms_name_is_text():
    assert sheets.BY_NAME["summary"].typeset().startswith(b"%PDF")
