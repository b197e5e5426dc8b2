import pytest
from django.template import Context, Template

TEMPLATE = Template("{% load amounts %}{{ text|amounts }} / {{ text|masked_where:privacy }}")


def test_each_amount_of_a_sentence_is_one_that_privacy_mode_hides() -> None:
    shown = TEMPLATE.render(Context({"text": "Buy 10 of <FB> on 2012-05-21", "privacy": False}))
    assert shown == (
        'Buy <span class="amount">10</span> of &lt;FB&gt; on 2012-05-21 / Buy 10 of &lt;FB&gt; on 2012-05-21'
    )


def test_a_cell_that_tells_an_amount_is_hidden_as_a_whole() -> None:
    cell = Template("{% load amounts %}{{ text|amount }}")
    assert cell.render(Context({"text": "2 <b>"})) == '<span class="amount">2 &lt;b&gt;</span>'
    assert cell.render(Context({"text": "12 Sep 2012 & no more"})) == "12 Sep 2012 &amp; no more"


def test_a_title_has_no_amounts_where_they_are_hidden() -> None:
    assert TEMPLATE.render(Context({"text": "Sell 3", "privacy": True})).endswith("/ Sell •••••")


@pytest.mark.parametrize(("number", "shown"), [(1, "1 of 1"), (9_254, "1 of 9,254")])
def test_how_many_is_grouped_as_amounts_are(number: int, shown: str) -> None:
    assert Template("{% load amounts %}1 of {{ number|counted }}").render(Context({"number": number})) == shown
