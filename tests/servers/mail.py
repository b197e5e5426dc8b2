"""A mail server of our own: it speaks enough SMTP to take mails, keeps them, and can be told to refuse."""

from __future__ import annotations

import contextlib
import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass(slots=True)
class MailServer:
    """Listens on a loopback port; `mails` are those it has taken.

    Attributes:
        refuses: whether it answers every sender with a refusal, as a full or misconfigured server does.
    """

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False

    @property
    def url(self) -> str:
        """What TICKFOLIO_EMAIL_URL is to be."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to one address, oldest first."""
        return [mail for mail in self.mails if mail["To"] == address]


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, kept: MailServer) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.kept = kept
        kept.port = self.server_address[1]


class _Conversation(socketserver.StreamRequestHandler):
    """One client's session (RFC 5321), as far as a well-behaved client needs it."""

    server: _Listener

    def handle(self) -> None:
        self._say("220 127.0.0.1 ready")
        for line in self.rfile:
            verb = line.split(maxsplit=1)[0].upper().decode() if line.strip() else ""
            self._say(self._answer(verb))
            if verb == "QUIT":
                return

    def _answer(self, verb: str) -> str:
        if verb == "MAIL" and self.server.kept.refuses:
            return "451 not now"
        if verb == "DATA":
            self._say("354 end with a dot")
            self.server.kept.mails.append(self._read_mail())
        return {"QUIT": "221 bye"}.get(verb, "250 go on")

    def _read_mail(self) -> EmailMessage:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append((line[1:] if line.startswith(b"..") else line).rstrip(b"\r\n"))
        return email.message_from_bytes(b"\n".join(lines), _class=EmailMessage, policy=email.policy.default)

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server that runs as long as the block."""
    kept = MailServer()
    with _Listener(kept) as listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield kept
        finally:
            listener.shutdown()
            thread.join()
