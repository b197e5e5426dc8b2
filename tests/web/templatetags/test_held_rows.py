"""The rows of what is held: their figures once for wide and once for narrow pages, each text escaped."""

from __future__ import annotations

import re
from dataclasses import replace

from django.template import Context, Template

from tickfolio.web.figures import DASH
from tickfolio.web.gain_texts import AmountText
from tickfolio.web.holding_texts import NO_FIGURE, Figure
from tickfolio.web.open_gain_texts import OpenText
from tickfolio.words import marked_phrase

ROW = OpenText(
    symbol="A<B",
    name="A & B",
    account="<Broker>",
    quantity="1.23",
    whole_quantity="1.2345",
    reason="it's <late>",
    cost=AmountText("100.00", "90.00 <EUR>"),
    value=AmountText("110.00", "99.00 EUR"),
    gain=Figure("+10.00", "up"),
    traded_gain="+9.00 EUR",
    price=Figure("+8.00", "up"),
    currency=Figure("−2.00", "down"),
    percent=Figure("+10.00 %", "up"),
    is_known=True,
    explained="?row=h&x=1",
)
TOTAL = replace(ROW, symbol="Total", name="", account="", whole_quantity="", reason="", explained="")


def written(*rows: OpenText, total: OpenText = TOTAL) -> str:
    template = Template("{% load held_rows %}{% held_rows rows total explain %}")
    return template.render(Context({"rows": rows, "total": total, "explain": "/portfolios/1/explain/"}))


def links(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<a class="explain"(?: href="([^"]*)")?>(?:<span[^>]*>)?([^<]*)<', page)


def test_every_text_is_escaped() -> None:
    page = written(ROW)
    for text in ("A&lt;B", "A &amp; B", "&lt;Broker&gt;", "it&#x27;s &lt;late&gt;", "90.00 &lt;EUR&gt;"):
        assert text in page
    assert "<B" not in page.replace("<Br", "")
    assert 'href="/portfolios/1/explain/cost/?row=h&amp;x=1"' in page


def test_each_figure_leads_to_its_explanation_on_wide_and_on_narrow_pages() -> None:
    row, total = written(ROW).splitlines()
    names = [address.split("/")[4] for address, _ in links(row)]
    narrow = ["cost", "value", "unrealized-price", "unrealized-currency", "unrealized-percent"]
    wide = ["cost", "value", "unrealized", "unrealized-price", "unrealized-currency", "unrealized-percent"]
    assert names == [*narrow, *wide]
    assert "data-holding" in row
    # The value of the sum is that of the page's holdings, which nothing explains.
    assert [address.split("/")[4] for address, _ in links(total)] == [each for each in names if each != "value"]
    assert 'class="total-row"' in total


def test_what_is_not_known_leads_nowhere() -> None:
    unknown = replace(
        ROW,
        cost=AmountText(DASH),
        value=AmountText(DASH),
        gain=Figure(marked_phrase("not available")),
        traded_gain="",
        price=NO_FIGURE,
        currency=NO_FIGURE,
        percent=NO_FIGURE,
        is_known=False,
    )
    row = written(unknown).splitlines()[0]
    assert {address for address, _ in links(row)} == {""}
    assert "not available" in row
    assert row.count("traded") == 1  # the account's
