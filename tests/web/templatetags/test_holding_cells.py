from __future__ import annotations

import pytest
from django.template import Context, Engine, TemplateDoesNotExist

from tickfolio.services.holdings_view import Column
from tickfolio.web.holding_columns import COLUMNS
from tickfolio.web.holding_texts import NO_ROW, RowText

CELLS = '{% load holding_cells %}{% cells "portfolios/page_cells.html" names %}'
SUMS = '{% load holding_cells %}{% cells "portfolios/page_sum_cells.html" names %}'


def rendered(template: str, *names: str, row: RowText = NO_ROW) -> str:
    engine = Engine(app_dirs=True, libraries={"holding_cells": "tickfolio.web.templatetags.holding_cells"})
    return engine.from_string(template).render(Context({"names": names, "row": row}))


def test_cells_stand_in_the_order_of_their_names() -> None:
    told = rendered(CELLS, "sector", "account", row=RowText(sector="Energy", account="Northbank"))
    assert told.index("Energy") < told.index("Northbank")
    assert told.count("<td") == 2


def test_what_stands_in_a_cell_is_escaped() -> None:
    assert "&lt;b&gt;" in rendered(CELLS, "account", row=RowText(account="<b>"))


@pytest.mark.parametrize("column", Column)
def test_every_column_has_a_cell(column: Column) -> None:
    assert rendered(CELLS, column.value).startswith('<td role="cell"')


@pytest.mark.parametrize("name", [*(text.column.value for text in COLUMNS if text.is_summed), "none"])
def test_every_column_that_is_summed_has_a_cell_for_the_sum(name: str) -> None:
    assert rendered(SUMS, name).startswith('<td role="cell"')


def test_a_column_that_nobody_made_a_cell_for_is_a_fault_and_no_empty_place() -> None:
    with pytest.raises(TemplateDoesNotExist):
        rendered(CELLS, "colour")
