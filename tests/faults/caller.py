"""A person at the product's pages, without a browser, to whom the server may die: no redirect is followed, nothing repeated."""

from __future__ import annotations

import http.client
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

HIDDEN = re.compile(r'<input type="hidden" name="(?P<name>[\w-]+)" value="(?P<value>[^"]*)"')
PASSWORD = "correct horse battery staple"


class Unanswered(Exception):
    """The server went away before it answered: whether it did what was asked is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    text: str
    location: str

    def hidden_beside(self, field: str) -> dict[str, str]:
        """The hidden fields of the form in which `field` is filled in; a page has others, such as the one to sign out."""
        [form] = [form for form in self.text.split("<form")[1:] if f'name="{field}"' in form.partition("</form>")[0]]
        found = HIDDEN.finditer(form.partition("</form>")[0])
        return {match["name"]: unescape(match["value"]) for match in found}


class Caller:
    """One person's session."""

    def __init__(self, origin: str, *, timeout: float = 20) -> None:
        self.origin = origin
        self._timeout = timeout
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Opens a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Sends fields; the token against forgery must be among them."""
        return self._ask("POST", path, urlencode(fields))

    def upload(self, path: str, fields: Mapping[str, str], *, name: str, content: bytes) -> Answer:
        """Sends fields and the field `file` with a file."""
        edge = uuid.uuid4().hex
        head = f"--{edge}\r\nContent-Disposition: form-data; name="
        parts = [f'{head}"{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()]
        file = f'{head}"file"; filename="{name}"\r\n\r\n'
        body = "".join([*parts, file]).encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self._ask("POST", path, body, kind=f"multipart/form-data; boundary={edge}")

    def submit(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Opens the page of a form, fills it in and sends it."""
        return self.post(path, {**self.get(path).hidden_beside(next(iter(fields))), **fields})

    def sign_up(self, email: str) -> None:
        """Creates an account and is then signed in."""
        answer = self.submit("/sign-up/", {"email": email, "password1": PASSWORD})
        assert (answer.status, answer.location) == (302, "/"), answer

    def open_demo(self) -> None:
        """Becomes the demo's owner, with the one click that the first page offers."""
        [form] = [form for form in self.get("/").text.split("<form")[1:] if 'action="/demo/sign-in/"' in form]
        token = HIDDEN.search(form)
        assert token is not None
        answer = self.post("/demo/sign-in/", {token["name"]: token["value"]})
        assert (answer.status, answer.location) == (302, "/"), answer

    def _ask(
        self, method: str, path: str, body: str | bytes | None, *, kind: str = "application/x-www-form-urlencoded"
    ) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.origin).netloc, timeout=self._timeout)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = kind
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(f"{method} {path}: {error}") from error
        finally:
            connection.close()
        self._keep_cookies(answer.headers.get_all("Set-Cookie") or [])
        return Answer(answer.status, text, answer.headers.get("Location", ""))

    def _keep_cookies(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
