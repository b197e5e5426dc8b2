"""What an account begins with."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions, ActionRule


def options_of_new() -> AccountOptions:
    """The options of a new account. On live feeds dividends are proposed to it, since tax and day of payment are the broker's."""
    rule = ActionRule.ALL if settings.TICKFOLIO_IS_REPLAY else ActionRule.UNITS
    return replace(DEFAULT_OPTIONS, actions=rule)
