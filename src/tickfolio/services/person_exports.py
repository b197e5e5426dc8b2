"""Everything of a person as one file: their watchlists, their view of holdings, their preferences, and their portfolios.

Never in it: the password, sessions, links and tokens, and the address by which they sign in.
"""

from __future__ import annotations

from collections.abc import Iterator

from tickfolio.errors import NotAllowed, NotFound
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.exports import ArchiveExport, export_zip, file_stem
from tickfolio.services.holdings_view import FIRST_VIEW, HoldingsView, holdings_view_of
from tickfolio.services.people import Preferences, preferences_of
from tickfolio.services.portfolios import PortfolioView, portfolios_of
from tickfolio.services.watchlists import watchlists_of
from tickfolio.statements.person_archives import (
    NAME,
    VERSION,
    HoldingsViewOf,
    ListOf,
    PersonDocument,
    PortfolioOf,
    PreferencesOf,
    person_archived,
)
from tickfolio.statements.tickfolio_csv import moment_text


def export_everything(*, actor: Person) -> ArchiveExport:
    """The document, then the archive of each portfolio that the person may see, one piece in memory at a time.

    Raises:
        NotFound: there is no such person.
    """
    now = SystemClock().now().replace(microsecond=0)
    portfolios = portfolios_of(actor=actor)
    files = {
        f"portfolios/{place:03}-{file_stem(each)[:60]}.zip": each for place, each in enumerate(portfolios, start=1)
    }
    document = PersonDocument(
        format=NAME,
        version=VERSION,
        exported_at=moment_text(now),
        preferences=_preferences(preferences_of(actor.user_id)),
        holdings_view=_view(holdings_view_of(actor.user_id)),
        watchlists=tuple(ListOf(each.name, each.symbols) for each in watchlists_of(actor=actor)),
        portfolios=tuple(_portfolio(file, each) for file, each in files.items()),
    )
    pieces = person_archived(document, _archives(actor, files))
    return ArchiveExport(f"tickfolio-{now:%Y-%m-%d}.zip", pieces)


def _archives(actor: Person, files: dict[str, PortfolioView]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The archives by their names; one that the person may not see any more by its turn is left out."""
    for file, portfolio in files.items():
        try:
            export = export_zip(actor=actor, portfolio_id=portfolio.id)
        except (NotFound, NotAllowed):
            continue
        yield file, export.pieces


def _preferences(preferred: Preferences) -> PreferencesOf:
    return PreferencesOf(
        base_currency=preferred.base_currency.code,
        language=preferred.language.value,
        locale=preferred.locale.value,
        time_zone=preferred.time_zone.key,
        theme=preferred.theme.value,
    )


def _view(view: HoldingsView) -> HoldingsViewOf | None:
    if view == FIRST_VIEW:
        return None
    columns = tuple(each.value for each in view.columns)
    return HoldingsViewOf(columns, view.pinned, view.group.value, view.sort.value, view.is_descending)


def _portfolio(file: str, portfolio: PortfolioView) -> PortfolioOf:
    return PortfolioOf(
        file=file,
        name=portfolio.name,
        base_currency=portfolio.base_currency,
        day_count=portfolio.periods.day_count.value,
        long_term_months=portfolio.periods.long_term_months,
        role=portfolio.role.value,
    )
