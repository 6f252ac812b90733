"""What the tests of a trainee's pages have in common."""

from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile

from zhupei.accounts import actions as accounts
from zhupei.accounts.models import User
from zhupei.files.models import Page

PROFILE = "/training/profile/"


def sign_in(client, user):
    accounts.set_password(user, password="春天的湖边有三只鸭子", by=user)
    client.force_login(User.objects.get(pk=user.pk))


def text_of(response) -> str:
    return unescape(response.content.decode())


def upload(client, kind, *contents, **fields):
    files = [SimpleUploadedFile(f"{number}.jpg", content) for number, content in enumerate(contents)]
    headers = fields.pop("headers", {})
    return client.post(f"{PROFILE}documents/{kind}/", {"pictures": files, **fields}, headers=headers)


def standing(user, kind):
    return list(Page.objects.standing().filter(slot__document__user=user, slot__document__kind=kind))
