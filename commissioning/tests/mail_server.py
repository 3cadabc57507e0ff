"""A mail server that can be told how to behave, on a port of this machine."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

GREETING = "220 mail.example.org"
DONE = "250 OK"


class MailServer(socketserver.ThreadingTCPServer):
    """It answers as SMTP does. `answers` gives other words for a command; no words at all break the line."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, answers: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.answers = answers
        self.letters: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say(GREETING)
        while line := self.rfile.readline().decode().strip():
            command = line[:4].upper()
            answer = self.server.answers.get(command, "354 Go on" if command == "DATA" else DONE)
            if not answer or command == "QUIT":
                return
            self._say(answer)
            if answer.startswith("354"):
                self.server.letters.append(self._letter())
                self._say(DONE)

    def _letter(self) -> str:
        lines: list[str] = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        return "\n".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server(settings: Any, **answers: str) -> Iterator[MailServer]:
    """Letters of this test go to it, by SMTP."""
    with MailServer(answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        before = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        try:
            yield server
        finally:
            settings.EMAIL_BACKEND = before
            server.shutdown()
