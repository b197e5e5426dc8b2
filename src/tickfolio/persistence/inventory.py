"""What each column of each table is: a fact, something derived from facts, or something else. docs/reference/stored-data.md shows it.

A column without a line here fails a test. So does a derived one that `tickfolio verify` would not notice when it is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What a column is."""

    KEY = "key"
    """What tells a row from others: an id."""
    FACT = "fact"
    """What was said or happened. It is never changed."""
    DERIVED = "derived"
    """What facts say already, kept so that it need not be worked out again; `tickfolio rebuild` makes it anew."""
    SETTING = "setting"
    """What somebody chose and may choose otherwise."""
    OBSERVATION = "observation"
    """What a feed said last. It makes room for the next, and no figure of a finished day rests on it."""
    WORK = "work"
    """What something that is under way keeps of itself until it is over."""


def _columns(**kinds: str) -> Mapping[str, Kind]:
    return {column: Kind(kind) for kind, columns in kinds.items() for column in columns.split()}


INVENTORY: Mapping[str, Mapping[str, Kind]] = {
    # ---------- Portfolios ----------
    "portfolio": _columns(
        key="id",
        fact="created_at deleted_at",
        derived="head",
        setting="name base_currency day_count long_term_months benchmark",
    ),
    "membership": _columns(key="id", fact="created_at", setting="portfolio_id user_id role"),
    "account": _columns(
        key="id",
        fact="portfolio_id created_at",
        setting="name currency cost_basis_method cash_method fees_in_cost allows_shorts action_rule",
    ),
    "private_instrument": _columns(
        key="id",
        fact="portfolio_id symbol name currency instrument_class contract_size quote_unit created_at "
        "replaced_sequence replaced_at replaced_by_id",
    ),
    "manual_price": _columns(
        key="id",
        fact="portfolio_id symbol day price version ledger_sequence is_withdrawn recorded_at recorded_by_id",
    ),
    "instrument_classification": _columns(
        key="id",
        fact="portfolio_id symbol",
        setting="class_label sector country tag version changed_at changed_by_id",
    ),
    "allocation_targets": _columns(
        key="id",
        fact="portfolio_id dimension",
        setting="parts tolerance version changed_at changed_by_id",
    ),
    "action_dismissal": _columns(
        key="id", fact="portfolio_id", setting="account_id action_id dismissed_at dismissed_by_id"
    ),
    "instrument_note": _columns(
        key="id", fact="portfolio_id", setting="instrument_id own_id text version changed_at changed_by_id"
    ),
    # ---------- What was booked ----------
    "transaction_version": _columns(
        key="id",
        fact="portfolio_id transaction_id version ledger_sequence is_deleted account_id entry_sequence type at symbol quantity "
        "price amount currency fees taxes settlement_amount settlement_currency settlement_rate counter_amount "
        "counter_currency split_new split_old to_account_id new_symbol cost_share cash_in_lieu lots ex_date accrues_at note "
        "fingerprint recorded_at recorded_by_id import_batch_id",
    ),
    "outbox": _columns(
        key="id",
        fact="portfolio_id first_sequence sequence kind transaction_id version import_batch_id recorded_at",
    ),
    "ledger_transaction": _columns(
        key="id",
        derived="portfolio_id account_id entry_sequence version current_version_id is_deleted type at symbol fingerprint",
    ),
    # ---------- What it was worth ----------
    "attachment": _columns(
        key="id",
        fact="portfolio_id transaction_id file_name kind size sha256 content created_at created_by_id",
        setting="removed_at removed_by_id",
    ),
    "flow_valuation": _columns(
        key="id",
        fact="portfolio_id transaction_id ledger_sequence at market_at value base_currency rows priced_rows quotes rates "
        "recorded_at",
    ),
    "daily_series": _columns(
        key="portfolio_id",
        derived="head actions base_currency zone version first_day last_day",
        # How far the engine has looked through what was recorded; what it makes of that is in the days.
        work="bars rates",
    ),
    "daily_value": _columns(
        key="id", derived="portfolio_id day opening closing value came_in went_out growth is_skipped left_out"
    ),
    "kept_explanation": _columns(key="id", fact="portfolio_id digest content kept_at"),
    # ---------- Files ----------
    "import_batch": _columns(
        key="id",
        fact="portfolio_id account_id format file_name sha256 created_at created_by_id booked_at undone_at undone_by_id",
        derived="rows_booked rows_known rows_refused rows_ignored",
        work="state expires_at content choices findings judged_head",
    ),
    "import_row": _columns(
        key="id",
        fact="portfolio_id batch_id ordinal line raw",
        # While a file is previewed they follow the ledger; when it is booked, they are what was decided, and stay.
        work="fate reason fingerprint entry transaction_id",
    ),
    "import_file": _columns(key="id", work="portfolio_id batch_id sha256 content"),
    # ---------- The market ----------
    "instrument": _columns(
        key="id",
        observation="symbol name mic currency instrument_class price_places contract_size quote_unit listed_on delisted_on isin "
        "publication country sector",
        setting="feeds",
    ),
    "instrument_symbol": _columns(key="id", fact="instrument_id symbol valid_until"),
    "latest_quote": _columns(
        key="id",
        observation="instrument_id price previous_close session_day session source source_time received_time",
    ),
    "intraday_bar": _columns(key="id", observation="instrument_id session_day starts_at open high low close"),
    "corporate_action": _columns(
        key="id",
        fact="instrument_id kind ex_date split_new split_old amount currency pay_date new_symbol cost_share source version "
        "is_withdrawn recorded_at",
    ),
    "daily_bar": _columns(key="id", fact="instrument_id day open high low close volume source version recorded_at"),
    "published_rate": _columns(key="id", fact="day pivot currency rate published_at source version recorded_at"),
    # ---------- The feeds ----------
    "backfill": _columns(
        key="id",
        work="instrument_id state since fetched_until actions_until late_since days message try_after updated_at",
    ),
    "feed_gate": _columns(key="id", work="host tokens filled_at failures paused_until"),
    "feed_condition": _columns(key="id", observation="name report reported_at"),
    "feed_event": _columns(key="id", observation="at kind feed symbol text"),
    "held_price": _columns(
        key="id",
        observation="instrument_id price reference doubt source source_time count held_at",
        setting="released_at released_by_id",
    ),
    # ---------- The instance and its people ----------
    "watchlist": _columns(key="id", fact="created_at", setting="user_id name position instruments version deleted_at"),
    "instance": _columns(key="id", fact="is_replay created_at"),
    "market_clock": _columns(key="id", work="run at recorded_at"),
    "lease": _columns(key="name", work="token holder expires_at"),
    "job_note": _columns(key="id", work="user_id portfolio_id kind subject address process begun_at"),
    "idempotency_key": _columns(key="id", work="user_id key request_hash response created_at"),
    "identity_user": _columns(
        key="id",
        fact="date_joined",
        setting="password is_superuser email is_staff is_active base_currency locale time_zone theme "
        "language holdings_view session_version is_demo_owner",
        observation="last_login",
    ),
    "identity_apitoken": _columns(
        key="id",
        fact="user_id digest beginning created_at expires_at",
        setting="name revoked_at",
        observation="last_used_at",
    ),
}
"""By table, what each of its columns is."""


def columns_of_kind(table: str, kind: Kind) -> tuple[str, ...]:
    """The columns of a table that are of one kind, in their order here."""
    return tuple(column for column, found in INVENTORY[table].items() if found is kind)


def tables_with(kind: Kind) -> tuple[str, ...]:
    """The tables that have such a column."""
    return tuple(table for table, columns in INVENTORY.items() if kind in columns.values())
