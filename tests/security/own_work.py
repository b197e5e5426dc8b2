"""Services that nobody signed in ever calls: the running product does for itself, and an operator by commands."""

OWN_WORK = [
    "ledgers.shelf_at_hand",
    "daily_series.series_extend",
    "daily_series.days_worked_out",
    "daily_series.days_store",
    "daily_series.days_compared",
    "daily_series.extend_now",
]
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
