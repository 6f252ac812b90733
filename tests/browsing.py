"""Somebody at a browser, as far as Django's test client is one."""

from django.test import Client

from zhupei.accounts import actions as accounts
from zhupei.accounts.models import User

PASSWORD = "春天的湖边有三只鸭子"


def signed_in(user: User) -> Client:
    """A client of ``user``, who has a password of their own."""
    client = Client()
    client.force_login(accounts.set_password(user, password=PASSWORD, by=user))
    return client
