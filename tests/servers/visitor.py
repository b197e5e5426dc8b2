"""A person with a browser's cookies and no browser: reads pages, sends their forms, opens their sockets."""

from __future__ import annotations

import http.cookiejar
import urllib.parse
import urllib.request
from html.parser import HTMLParser

from tests.servers.product import Product


class Visitor:
    """One person on a product."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    def open_demo(self) -> Visitor:
        """Becomes the demo's owner with the one click that a visitor has."""
        self.send("/demo/sign-in/", self.form("/sign-in/", action="/demo/sign-in/"))
        return self

    def read(self, path: str) -> str:
        """A page's text."""
        with self._opener.open(self.product.origin + path, timeout=30) as answer:
            return str(answer.read().decode())

    def form(self, path: str, *, action: str) -> dict[str, str]:
        """What the fields of a page's form hold: the one that is sent to `action`."""
        return form_values(self.read(path), path, action=action)

    def send(self, path: str, values: dict[str, str]) -> str:
        """Sends a form; the address of the page that it leads to."""
        body = urllib.parse.urlencode(values).encode()
        headers = {"Origin": self.product.origin, "Referer": self.product.origin + path}
        request = urllib.request.Request(self.product.origin + path, data=body, headers=headers)
        with self._opener.open(request, timeout=30) as answer:
            answer.read()
            return str(answer.url).removeprefix(self.product.origin)

    def socket_headers(self) -> dict[str, str]:
        """What a browser sends when one of the person's pages opens a socket, beside the Origin."""
        return {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._cookies)}


def form_values(text: str, path: str, *, action: str) -> dict[str, str]:
    """What the fields of a form hold in the text of the page at `path`: the form that is sent to `action`."""
    reader = _Reader(path)
    reader.feed(text)
    [form] = [form for form in reader.forms if form.action == action]
    return dict(form.values)


class _Form:
    def __init__(self, action: str) -> None:
        self.action = action
        self.values: dict[str, str] = {}


class _Reader(HTMLParser):
    """Collects forms and what their fields hold when they are not touched."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self.forms: list[_Form] = []
        self._select = ""
        self._text_area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(_Form(found.get("action") or self._path))
        elif self.forms and tag == "input":
            self._take_input(found)
        elif self.forms and tag == "select":
            self._select = found.get("name", "")
        elif self._select and tag == "option":
            values = self.forms[-1].values
            if "selected" in found or self._select not in values:
                values[self._select] = found.get("value", "")
        elif self.forms and tag == "textarea":
            self._text_area = found.get("name", "")

    def handle_data(self, data: str) -> None:
        if self._text_area:
            values = self.forms[-1].values
            values[self._text_area] = values.get(self._text_area, "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text_area = ""

    def _take_input(self, found: dict[str, str]) -> None:
        kind, name = found.get("type", "text"), found.get("name", "")
        is_chosen = kind not in ("checkbox", "radio") or "checked" in found
        if name and kind not in ("submit", "button", "file") and is_chosen:
            self.forms[-1].values[name] = found.get("value", "on" if kind == "checkbox" else "")
