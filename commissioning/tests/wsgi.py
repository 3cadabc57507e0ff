"""A browser that speaks to the application as a web server does: signals, health checks and connections included."""

from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from commissioning.tests.forms import Sent


class Answer:
    """What came back."""

    def __init__(self, status: str, headers: list[tuple[str, str]], content: bytes) -> None:
        self.status_code = int(status.split()[0])
        self.headers = dict(headers)
        self.cookies = [value for name, value in headers if name == "Set-Cookie"]
        self.content = content

    @property
    def text(self) -> str:
        return self.content.decode()


class Browser:
    """Somebody signed in, by the cookies of a test client."""

    def __init__(self, client: Client) -> None:
        self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.handler = WSGIHandler()

    def get(self, address: str) -> Answer:
        return self._ask("GET", address, b"")

    def post(self, address: str, sent: Sent | dict[str, Any]) -> Answer:
        return self._ask("POST", address, urlencode(sent, doseq=True).encode())

    def _ask(self, method: str, address: str, body: bytes) -> Answer:
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "testserver",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(body),
            "wsgi.errors": BytesIO(), "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "HTTP_HOST": "testserver",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }  # fmt: skip
        told: list[Any] = []
        begin: Any = lambda status, headers: told.extend([status, headers])  # noqa: E731  the type is the server's
        response = self.handler(environ, begin)
        try:
            answer = Answer(told[0], told[1], b"".join(response))
        finally:
            response.close()
        for cookie in answer.cookies:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
        return answer
