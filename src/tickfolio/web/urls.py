"""The addresses of the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from tickfolio.web.access import quotes_for_visitors, signed_in
from tickfolio.web.views import (
    account_options,
    actions,
    allocation,
    allocation_forms,
    attachments,
    attribution,
    benchmark,
    bulk_changes,
    definitions,
    explanations,
    exports,
    fast_entry,
    gains,
    holdings_view,
    imports,
    income,
    instruments,
    long_jobs,
    manual_prices,
    members,
    offline,
    operator,
    operator_instruments,
    people,
    performance,
    person_files,
    portfolio_forms,
    portfolio_value,
    portfolios,
    restores,
    search,
    suggest,
    then,
    tokens,
    transaction_forms,
    transactions,
    watchlists,
    what_if,
)
from tickfolio.web.views.home import home
from tickfolio.web.views.hours import market_hours_json
from tickfolio.web.views.stocks import search_json, stocks, today_json

app_name = "web"

ATTACHMENTS = [
    path("", signed_in(attachments.attachments_add), name="attachments_add"),
    path("<uuid:attachment_id>/", signed_in(attachments.attachment), name="attachment"),
    path("<uuid:attachment_id>/remove/", signed_in(attachments.attachment_remove), name="attachment_remove"),
    path("<uuid:attachment_id>/return/", signed_in(attachments.attachment_return), name="attachment_return"),
]
"""Below the address of a transaction."""

PORTFOLIO_FORMS: list[URLPattern | URLResolver] = [
    path("settings/", signed_in(portfolio_forms.portfolio_settings), name="portfolio_settings"),
    path("delete/", signed_in(portfolio_forms.portfolio_delete), name="portfolio_delete"),
    path("accounts/new/", signed_in(portfolio_forms.account_new), name="account_new"),
    path("accounts/<uuid:account_id>/", signed_in(portfolio_forms.account), name="account"),
    path("accounts/<uuid:account_id>/costs/", signed_in(account_options.account_options), name="account_options"),
    path("accounts/<uuid:account_id>/delete/", signed_in(portfolio_forms.account_delete), name="account_delete"),
    path("gains/", signed_in(gains.gains), name="gains"),
    path("gains.csv", signed_in(gains.gains_csv), name="gains_csv"),
    path("gains/periods/", signed_in(gains.holding_periods), name="holding_periods"),
    path("income/", signed_in(income.income), name="income"),
    path("what-if.json", signed_in(what_if.what_if_json), name="what_if_json"),
    path("members/", signed_in(members.member_list), name="members"),
    path("members/<int:user_id>/", signed_in(members.member_change), name="member_change"),
    path("members/<int:user_id>/remove/", signed_in(members.member_remove), name="member_remove"),
    path("actions/", signed_in(actions.action_list), name="actions"),
    path("actions/accept/", signed_in(actions.action_accept_all), name="action_accept_all"),
    path("actions/<uuid:account_id>/rule/", signed_in(actions.action_rule), name="action_rule"),
    path("actions/<uuid:account_id>/<int:action_id>/accept/", signed_in(actions.action_accept), name="action_accept"),
    path(
        "actions/<uuid:account_id>/<int:action_id>/dismiss/", signed_in(actions.action_dismiss), name="action_dismiss"
    ),
    path(
        "actions/<uuid:account_id>/<int:action_id>/restore/", signed_in(actions.action_restore), name="action_restore"
    ),
    path("allocation/", signed_in(allocation.allocation), name="allocation"),
    path("allocation.json", signed_in(allocation.allocation_json), name="allocation_json"),
    path("allocation/proposal/", signed_in(allocation.proposal), name="allocation_proposal"),
    path("allocation/targets/", signed_in(allocation_forms.targets), name="allocation_targets"),
    path("allocation/instruments/", signed_in(allocation_forms.instruments), name="allocation_instruments"),
    path("attribution/", signed_in(attribution.attribution), name="attribution"),
    path("explain/keep/", signed_in(explanations.keep), name="explanation_keep"),
    path("explain/kept/<slug:digest>/", signed_in(explanations.kept), name="explanation_kept"),
    path("explain/<slug:figure>/", signed_in(explanations.explain), name="explain"),
    path("performance/", signed_in(performance.performance), name="performance"),
    path("performance/benchmark/", signed_in(benchmark.benchmark), name="benchmark"),
    path("prices/", signed_in(manual_prices.prices), name="prices"),
    path("then/", signed_in(then.then), name="then"),
    path("transactions/", signed_in(transactions.transaction_list), name="transactions"),
    path("transactions/new/", signed_in(transaction_forms.transaction_new), name="transaction_new"),
    path("transactions/<uuid:transaction_id>/", signed_in(transaction_forms.transaction), name="transaction"),
    path("transactions/bulk/", signed_in(bulk_changes.bulk), name="bulk"),
    path("transactions/undo/", signed_in(restores.change_undo), name="change_undo"),
    path(
        "transactions/<uuid:transaction_id>/restore/",
        signed_in(restores.transaction_restore),
        name="transaction_restore",
    ),
    path("transactions/line/", signed_in(fast_entry.line_book), name="line_book"),
    path("transactions/line.json", signed_in(fast_entry.line_json), name="line_json"),
    path(
        "transactions/<uuid:transaction_id>/delete/",
        signed_in(transaction_forms.transaction_delete),
        name="transaction_delete",
    ),
    path("transactions/<uuid:transaction_id>/attachments/", include(ATTACHMENTS)),
    path("instruments/<path:symbol>/note/", signed_in(instruments.instrument_note), name="instrument_note"),
    path("instruments/<path:symbol>/", signed_in(instruments.instrument), name="instrument"),
    path("instruments.json", signed_in(suggest.instruments_json), name="instruments_json"),
    path("price.json", signed_in(suggest.price_json), name="price_json"),
    path("import/", signed_in(imports.import_file), name="import_file"),
    path("jobs/<uuid:job_key>/", signed_in(long_jobs.job), name="job"),
    path("jobs/<uuid:job_key>/cancel/", signed_in(long_jobs.job_cancel), name="job_cancel"),
    path("import/<uuid:batch_id>/", signed_in(imports.import_batch), name="import_batch"),
    path("import/<uuid:batch_id>/choices/", signed_in(imports.import_choices), name="import_choices"),
    path("import/<uuid:batch_id>/book/", signed_in(imports.import_book), name="import_book"),
    path("import/<uuid:batch_id>/undo/", signed_in(imports.import_undo), name="import_undo"),
    path("import/<uuid:batch_id>/drop/", signed_in(imports.import_drop), name="import_drop"),
    path("export.csv", signed_in(exports.export_csv), name="export_csv"),
    path("export.zip", signed_in(exports.export_zip), name="export_zip"),
    path("export.json", signed_in(exports.export_json), name="export_json"),
]
"""Below the address of a portfolio."""

WATCHLIST = [
    path("", signed_in(watchlists.watchlist), name="watchlist"),
    path("rename/", signed_in(watchlists.watchlist_rename), name="watchlist_rename"),
    path("delete/", signed_in(watchlists.watchlist_delete), name="watchlist_delete"),
    path("restore/", signed_in(watchlists.watchlist_restore), name="watchlist_restore"),
    path("remove/", signed_in(watchlists.watch_remove), name="watch_remove"),
    path("return/", signed_in(watchlists.watch_return), name="watch_return"),
    path("order/", signed_in(watchlists.watch_order), name="watch_order"),
    path("sparks.json", signed_in(watchlists.watchlist_sparks_json), name="watchlist_sparks"),
]
"""Below the address of a watchlist."""

urlpatterns = [
    path("", home, name="home"),
    path("net-worth.json", signed_in(portfolio_value.net_worth_json), name="net_worth"),
    path("stocks/", quotes_for_visitors(stocks), name="stocks"),
    path("stocks/search.json", quotes_for_visitors(search_json), name="stock_search"),
    # `path` and not `str`: a symbol may hold a slash, such as a pair of currencies.
    path("stocks/<path:symbol>/today.json", quotes_for_visitors(today_json), name="today_json"),
    path("instruments/<path:symbol>/candles.json", signed_in(instruments.candles_json), name="candles_json"),
    path("instruments/<path:symbol>/", signed_in(instruments.instrument_alone), name="instrument_alone"),
    path("portfolios/<uuid:portfolio_id>/", signed_in(portfolios.portfolio), name="portfolio"),
    path(
        "portfolios/<uuid:portfolio_id>/today.json", signed_in(portfolios.portfolio_today_json), name="portfolio_today"
    ),
    path(
        "portfolios/<uuid:portfolio_id>/sparks.json",
        signed_in(portfolios.portfolio_sparks_json),
        name="portfolio_sparks",
    ),
    path(
        "portfolios/<uuid:portfolio_id>/value.json",
        signed_in(portfolio_value.portfolio_value_json),
        name="portfolio_value",
    ),
    path("operator/feeds/", signed_in(operator.feeds), name="operator_feeds"),
    path("operator/feeds/believe/", signed_in(operator.believe), name="operator_believe"),
    path("operator/feeds/hold/", signed_in(operator.hold), name="operator_hold"),
    path("operator/instruments/", signed_in(operator_instruments.instruments), name="operator_instruments"),
    path("operator/instruments/as-instance/", signed_in(operator_instruments.as_instance), name="operator_as_instance"),
    path("operator/instruments/traded/", signed_in(operator_instruments.traded_again), name="operator_traded_again"),
    path("definitions/", signed_in(definitions.definitions), name="definitions"),
    path("market-hours.json", quotes_for_visitors(market_hours_json), name="market_hours"),
    path("service-worker.js", offline.service_worker, name="service_worker"),
    path("offline/<slug:language>/", offline.offline_page, name="offline"),
    path("preferences/", people.preferences, name="preferences"),
    path("preferences/holdings/", signed_in(holdings_view.holdings_view), name="holdings_view"),
    path("preferences/currency/", people.currency, name="home_currency"),
    path("preferences/theme/", people.theme, name="theme"),
    path("preferences/export.zip", signed_in(person_files.export_everything), name="export_everything"),
    path("preferences/import/", signed_in(person_files.import_everything), name="import_everything"),
    path("preferences/import/jobs/<uuid:job_key>/", signed_in(long_jobs.own_job), name="own_job"),
    path("preferences/import/jobs/<uuid:job_key>/cancel/", signed_in(long_jobs.own_job_cancel), name="own_job_cancel"),
    path("preferences/tokens/", signed_in(tokens.token_list), name="tokens"),
    path("preferences/tokens/<uuid:token_id>/revoke/", signed_in(tokens.token_end), name="token_revoke"),
    path("jobs/<uuid:note_id>/dismiss/", signed_in(long_jobs.job_dismiss), name="job_dismiss"),
    path("sign-out/everywhere/", people.sign_out_everywhere, name="sign_out_everywhere"),
    path("demo/sign-in/", people.demo_sign_in, name="demo_sign_in"),
    path("portfolios/new/", signed_in(portfolio_forms.portfolio_new), name="portfolio_new"),
    path("portfolios/<uuid:portfolio_id>/", include(PORTFOLIO_FORMS)),
    path("watchlists/", signed_in(watchlists.watchlists), name="watchlists"),
    path("watchlists/add/", signed_in(watchlists.watch_add), name="watch_add"),
    path("watchlists/button/", signed_in(watchlists.watch_button), name="watch_button"),
    path("watchlists/order/", signed_in(watchlists.watchlists_order), name="watchlists_order"),
    path("watchlists/<uuid:watchlist_id>/", include(WATCHLIST)),
    path("search.json", signed_in(search.search_json), name="search_json"),
    path("suggest/rate.json", signed_in(suggest.rate_json), name="rate_json"),
]
