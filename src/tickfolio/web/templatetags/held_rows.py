"""The rows of what is held on the gains page.

A row has six explained figures, each for a wide and for a narrow page, and a portfolio has hundreds of rows: as a template, whose
every variable and condition is looked up anew, they took two thirds of the page's time. All text is escaped as there.
"""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from tickfolio.web.figures import DASH
from tickfolio.web.gain_texts import AmountText
from tickfolio.web.holding_texts import Figure
from tickfolio.web.open_gain_texts import OpenText
from tickfolio.words import phrase

register = template.Library()
NOTHING = SafeString("")
TOTAL, HOLDING = SafeString(' class="total-row"'), SafeString(" data-holding")


@register.simple_tag
def held_rows(rows: Iterable[OpenText], total: OpenText, explain: str) -> SafeString:
    """The rows and their sum; figures are explained below the address `explain`."""
    writer = _Writer(explain)
    return SafeString("".join((*map(writer.row, rows), writer.row(total, is_total=True))))


class _Writer:
    """What all rows share: the words in the reader's language, and where figures are explained."""

    def __init__(self, explain: str) -> None:
        self._explain = explain
        self._cost, self._value = phrase("Cost"), phrase("Value")
        self._price, self._currency = phrase("Price part"), phrase("Currency part")

    def row(self, row: OpenText, *, is_total: bool = False) -> SafeString:
        """One row."""
        cost = self._plain(row, "cost", row.cost)
        value = _amount(row.value.text) if is_total else self._plain(row, "value", row.value)
        percent = self._link(row, "unrealized-percent", row.percent.text != DASH, conditional_escape(row.percent.text))
        gain = self._link(row, "unrealized", row.is_known, _pointed(row.gain))
        return format_html(
            '<tr role="row"{}><th role="rowheader" scope="row" class="m"><span class="strong">{}</span>{}{}{}</th>'
            '<td role="cell" class="r num only-wide"><span class="amount"{}>{}</span></td>'
            '<td role="cell" class="m2 only-narrow num">{}</td>'
            '<td role="cell" class="full only-narrow num"><span class="pair">{} {}</span> <span class="pair">{} {}</span>'
            ' <span class="pair">{} {}</span> <span class="pair">{} {}</span> <span class="pair">{}</span></td>'
            '<td role="cell" class="r num only-wide">{}{}</td><td role="cell" class="r num only-wide">{}{}</td>'
            '<td role="cell" class="r num e">{}{}</td><td role="cell" class="r num only-wide">{}</td>'
            '<td role="cell" class="r num only-wide">{}</td><td role="cell" class="r num only-wide">{}</td></tr>\n',
            *(TOTAL if is_total else HOLDING, row.symbol),
            _where(row.name, ' <span class="label name only-wide">{}</span>'),
            _where(row.account, '<br class="only-wide"><span class="traded only-wide">{}</span>'),
            _where(row.reason, ' <span class="quiet note">{}</span>'),
            *(_where(row.whole_quantity, ' title="{}"'), row.quantity),
            format_html('<span class="pair amount">{}</span> <span class="pair">{}</span>', row.quantity, row.account)
            if row.account
            else NOTHING,
            *(self._cost, cost, self._value, value),
            *(self._price, self._plain(row, "unrealized-price", row.price)),
            *(self._currency, self._plain(row, "unrealized-currency", row.currency)),
            *(
                percent,
                cost,
                _traded(row.cost.traded),
                value,
                _traded(row.value.traded),
                gain,
                _traded(row.traded_gain),
            ),
            self._link(row, "unrealized-price", row.price.text != DASH, _pointed(row.price)),
            self._link(row, "unrealized-currency", row.currency.text != DASH, _pointed(row.currency)),
            percent,
        )

    def _plain(self, row: OpenText, figure: str, shown: AmountText | Figure) -> SafeString:
        return self._link(row, figure, shown.text != DASH, _amount(shown.text))

    def _link(self, row: OpenText, figure: str, is_known: bool, content: SafeString) -> SafeString:
        if not is_known:
            return format_html('<a class="explain">{}</a>', content)
        return format_html('<a class="explain" href="{}{}/{}">{}</a>', self._explain, figure, row.explained, content)


def _amount(text: str) -> SafeString:
    return format_html('<span class="amount">{}</span>', text)


def _pointed(figure: Figure) -> SafeString:
    return format_html('<span class="{} amount">{}</span>', figure.direction, figure.text)


def _traded(text: str) -> SafeString:
    return _where(text, '<br><span class="traded amount">{}</span>')


def _where(text: str, markup: str) -> SafeString:
    """`text` within `markup`; nothing where there is none."""
    return format_html(markup, text) if text else NOTHING
