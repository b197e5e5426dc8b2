from typing import get_args

import msgspec
import pytest

from tickfolio.domain.market.quotes import MarketSession, Quality
from tickfolio.domain.market.status import FeedState
from tickfolio.live.wire import messages, portfolio_messages, vocabulary


@pytest.mark.parametrize(
    ("wire", "domain"),
    [
        (vocabulary.QualityName, Quality),
        (vocabulary.SessionName, MarketSession),
        (vocabulary.FeedStateName, FeedState),
    ],
)
def test_names_on_the_wire_are_the_domains(wire: object, domain: type[Quality]) -> None:
    assert set(get_args(wire.__value__)) == {member.value for member in domain}  # type: ignore[attr-defined]


def test_delta_has_the_columns_of_a_row_in_the_same_order() -> None:
    assert messages.QuoteDelta.__struct_fields__ == messages.QuoteRow.__struct_fields__
    assert portfolio_messages.PortfolioRowDelta.__struct_fields__ == portfolio_messages.PortfolioRow.__struct_fields__
    assert (
        portfolio_messages.PortfolioTotalsDelta.__struct_fields__
        == portfolio_messages.PortfolioTotals.__struct_fields__
    )


@pytest.mark.parametrize("message", get_args(messages.ClientMessage.__value__))
def test_every_client_message_refuses_undeclared_fields(message: type[msgspec.Struct]) -> None:
    assert message.__struct_config__.forbid_unknown_fields


@pytest.mark.parametrize("message", get_args(messages.ServerMessage.__value__))
def test_no_server_message_refuses_undeclared_fields(message: type[msgspec.Struct]) -> None:
    assert not message.__struct_config__.forbid_unknown_fields
