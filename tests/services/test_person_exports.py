"""Everything of a person as one file."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.services.test_person_imports import newcomer, taken, written
from tickfolio.identity.models import User
from tickfolio.services import person_exports, portfolios
from tickfolio.statements.person_archives import PersonArchive

pytestmark = pytest.mark.django_db


def test_nobody_elses_things_are_in_it() -> None:
    mine, other = written(), newcomer()
    document = PersonArchive(io.BytesIO(taken(other))).document
    assert (document.watchlists, document.portfolios, document.holdings_view) == ((), (), None)
    everything = taken(mine.owner)
    user = User.objects.get(pk=mine.owner.user_id)
    with zipfile.ZipFile(io.BytesIO(everything)) as archive:
        text = archive.read("person.json").decode()
    assert user.email not in text
    assert "password" not in text


def test_a_portfolio_that_is_gone_by_its_turn_is_left_out() -> None:
    mine = written()
    export = person_exports.export_everything(actor=mine.owner)
    portfolios.portfolio_delete(actor=mine.owner, portfolio_id=mine.portfolio_id)
    archive = PersonArchive(io.BytesIO(b"".join(export.pieces)))
    assert [archive.has(each.file) for each in archive.document.portfolios] == [False]
