"""Services that ask nobody: of the product itself and of an operator's commands, and those that others have asked for."""

LOOKED_AT = [
    "gains_reports.gains_now",
    "gains_reports.gains_report",
    "income_reports.income_report",
    "as_of.ledger_as_of",
    "closed_positions.closed_positions",
    "portfolio_values.valuation_of",
    "daily_series.stored_days",
    "day_charts.day_chart",
    "attributions.attribution_of",
    "classifications.classifications_of",
    "known_books.known_now",
    "manual_prices.prices_by_hand",
    "transactions.transactions_page",
    "ledgers.book_of",
    "ledgers.shelf_of",
    "action_inbox.dismissals_of",
]
"""Services that show a portfolio to whoever may view it, and need no more than its id."""

OWN_WORK = [
    "ledgers.shelf_at_hand",
    "daily_series.series_extend",
    "daily_series.days_worked_out",
    "daily_series.days_store",
    "daily_series.days_compared",
    "history_changes.first_day_touched",
    "daily_series.extend_now",
]
ASKED_BEFORE = [
    "folded_books.folded_book",
    "classifications.classifications_in",
    "instruments.instrument_sought",
    "flow_valuations.flow_records",
    "import_previews.judged_rows",
    "import_besides.pieces_of",
    "import_files.files_attached",
    "import_files.files_come",
    "export_besides.beside_of",
    "export_besides.named_files",
    "export_besides.file_contents",
    "manual_prices.last_day",
    "import_previews.keep_rows",
    "import_previews.rows_kept",
    "import_previews.rejudge",
    "import_previews.live_batch",
    "import_previews.live_preview",
]
ONESELF = [
    "market.instrument_rows",
    "stock_search.stock_search",
    "suggestions.found_by_feeds",
    "search.instruments_found",
    "people.preferences_of",
    "people.preferences_update",
    "people.theme_choose",
    "holdings_view.holdings_view_of",
    "holdings_view.holdings_view_change",
    "holdings_view.holdings_view_reset",
    "sessions.sign_out_everywhere",
    *(f"watchlists.{each}" for each in ("watchlists_of", "watchlist_view", "watchlist_create", "watchlist_rename")),
    *(f"watchlists.{each}" for each in ("watchlist_delete", "watchlist_restore", "watchlists_arrange")),
    *(f"watchlists.{each}" for each in ("entry_add", "entry_remove", "entry_return", "entries_arrange")),
]
ENGINES = ["watching.stored_portfolio", "watching.portfolio_standings"]
COMMANDED = [
    "rebuilding.rebuild",
    "verification.verify",
    "derived_tables.derived_text",
    "derived_tables.head_of",
    "derived_tables.headers_of",
    "derived_tables.counts_of",
    "fact_checks.misfits_of",
    "fact_checks.fact_counts",
]
