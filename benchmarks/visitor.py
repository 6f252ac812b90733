"""Somebody at a browser, asking the site as its server does: through WSGI, with cookies and forms.

A question is made first and asked later, so that only the site's own work is timed.
"""

import io
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlencode

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import Client

from zhupei.accounts.models import User

Environ = dict[str, Any]
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes  # as it goes over the wire


@dataclass(frozen=True)
class Visitor:
    session: str = ""  # the key; "" for somebody who is not signed in

    @classmethod
    def signed_in(cls, user: User) -> Self:
        client = Client()
        client.force_login(user)
        return cls(client.cookies[settings.SESSION_COOKIE_NAME].value)

    def get(self, path: str, asked: Mapping[str, object] | None = None) -> Environ:
        return self._environ(
            REQUEST_METHOD="GET", PATH_INFO=path, QUERY_STRING=urlencode(asked or {}, doseq=True)
        )

    def post(self, path: str, fields: Mapping[str, object]) -> Environ:
        return self._posting(path, urlencode(fields).encode(), FORM)

    def upload(self, path: str, picture: bytes, fields: Mapping[str, object]) -> Environ:
        edge = secrets.token_hex(8)
        head = f"--{edge}\r\nContent-Disposition: form-data; name="
        parts = [f'{head}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
        file = f'{head}"pictures"; filename="1.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        body = "".join([*parts, file]).encode() + picture + f"\r\n--{edge}--\r\n".encode()
        return self._posting(path, body, f"multipart/form-data; boundary={edge}")

    def _posting(self, path: str, body: bytes, kind: str) -> Environ:
        return self._environ(
            REQUEST_METHOD="POST",
            PATH_INFO=path,
            CONTENT_TYPE=kind,
            CONTENT_LENGTH=str(len(body)),
            HTTP_X_CSRFTOKEN=self._csrf,
            **{"wsgi.input": io.BytesIO(body)},
        )

    def _environ(self, **own: Any) -> Environ:
        cookies = {settings.CSRF_COOKIE_NAME: self._csrf, settings.SESSION_COOKIE_NAME: self.session}
        return {
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_ACCEPT_ENCODING": "gzip",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items() if value),
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **own,
        }

    @cached_property
    def _csrf(self) -> str:
        return secrets.token_hex(16)


class Site:
    """The WSGI application, asked one question at a time."""

    @cached_property
    def _application(self) -> Callable[..., Any]:
        return get_wsgi_application()

    def ask(self, question: Environ) -> Answer:
        heard: list[Any] = []
        response = self._application(question, lambda *line: heard.extend(line))
        try:
            body = b"".join(response)
        finally:
            response.close()  # ends the request: Django closes what it opened for it
        return Answer(int(heard[0].split()[0]), dict(heard[1]), body)

    def expect(self, status: HTTPStatus, question: Environ) -> Answer:
        answer = self.ask(question)
        if answer.status != status:
            raise AssertionError(f"{question['PATH_INFO']}: {answer.status}, not {status}")
        return answer


SITE = Site()
