"""No text that somebody typed runs: on no page, from no form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Complaints, NewContext
from tests.e2e.every_page import TELL_OF_RUNS, crawl, form_of_the_frame, forms_with_text, send_hostile
from tests.e2e.hostile_texts import handed_in, hostile_product, own_instrument, watch
from tests.e2e.portfolio_pages import Seeded, sign_in


@pytest.fixture
def data() -> Iterator[Seeded]:
    with hostile_product() as data:
        yield data


def test_no_page_runs_what_was_typed(
    data: Seeded, new_context: NewContext, complaints: Complaints, tmp_path: Path
) -> None:
    complaints.expect("the server responded with a status of 40")  # a form that refuses what was typed
    context = new_context()
    context.add_init_script(TELL_OF_RUNS)
    page = sign_in(context, data)
    page.on("dialog", lambda dialog: complaints.heard.append(f"a dialog opened: {dialog.message}"))
    origin, sent, of_the_frame = data.product.origin, 0, set[str]()
    batch = handed_in(page, data, tmp_path)
    watch(page, data)
    starts = (batch, own_instrument(data))
    for address in list(crawl(page, origin, *starts)):
        page.goto(origin + address)
        for number in range(forms_with_text(page)):
            if (form := form_of_the_frame(page, number)) in of_the_frame:
                continue
            of_the_frame |= {form} - {""}
            sent += send_hostile(page, number)
            assert complaints.unexpected() == [], (address, number)
            page.goto(origin + address)
    assert sent > 20
    for address in crawl(page, origin, *starts):
        assert complaints.unexpected() == [], address
