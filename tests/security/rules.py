"""THE RULES: who may do what. Read by people, pinned on purpose, and derived from nothing in the product.

An address, a socket message (socket_rules.py) or a service without a rule fails the tests, and so does a rule that nothing needs any more.
Each is tried as each kind of person on real rows (tests/security/world.py); `pytest -s tests/security` prints what came out.

A rule names the least that somebody must be:

* ANYBODY    everybody, also who is not signed in; such addresses are pinned once more in `PUBLIC`
* QUOTES     everybody where the operator shows quotes to visitors, else who is signed in
* SIGNED_IN  who is signed in, about themselves only
* THEIR_OWN  the person whose it is, here Alice; for everybody else it is not there
* VIEWER, EDITOR, OWNER  a member of the portfolio with at least this role
* OPERATOR   who runs the instance: for everybody else it is not there, and what is somebody's is not there for the operator
* MACHINE    a program at the server's own machine, or one that has the token; whoever is signed in where is of no matter

What follows: who is not signed in is led to sign in (or told so, where data is asked for); for another user and for somebody
who was a member once, the portfolio is not there, and the answer is the very one that an id gets that never existed; a member
whose role is too weak is told that. Nobody who is refused changes anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tests.identity.cast import PASSWORD
from tests.security.action_forms import dismissed_action, dividend_drafted, waiting_action
from tests.security.forms import (
    NOON,
    NOTHING_KNOWN,
    deposited,
    explained_token,
    lists_arranged,
    sent_file,
    shown_digest,
)
from tests.security.least import (
    ANYBODY,
    EDITOR,
    MACHINE,
    OPERATOR,
    OWNER,
    QUOTES,
    SIGNED_IN,
    THEIR_OWN,
    VIEWER,
    Form,
    Rule,
    ServiceRule,
)
from tests.security.own_work import ASKED_BEFORE, COMMANDED, ENGINES, LOOKED_AT, ONESELF, OWN_WORK
from tests.security.transaction_rules import TRANSACTION_ADDRESSES, TRANSACTION_SERVICES
from tests.security.world import DECIDED, DOUBTED, HOUSE, PRICES, TRADED, World, reset_parts, unconfirmed_key
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions, CostMethod
from tickfolio.domain.performance.spans import SpanName
from tickfolio.domain.valuation.holding_periods import DayCount, HoldingPeriods
from tickfolio.persistence.tenancy import Role
from tickfolio.services import explanations
from tickfolio.services.allocation_parts import Dimension
from tickfolio.services.classifications import Chosen
from tickfolio.services.imports import Choices
from tickfolio.services.performance import Asked
from tickfolio.services.what_if import Asked as WhatIfAsked
from tickfolio.web.forms.imports import key_of


def _fixed(**fields: Any) -> Form:
    return lambda _world: fields


def _purchase(world: World) -> Mapping[str, Any]:
    return {
        "type": "buy",
        "key": "6f0c0d35-9d44-4f2c-8a54-2c1f7f0a9b11",
        "version": "1",
        "symbol": "AAPL",
        "account_id": world.alices.account,
        "day": "2011-03-02",
        "quantity": "1",
        "price": "350.00",
    }


def _deposit(world: World) -> Mapping[str, Any]:
    common = {"type": "deposit", "version": "1", "account_id": world.alices.account, "currency": "USD"}
    return {**common, "day": "2011-03-01", "amount": "9100.00"}


_NEW_PASSWORD = "a quite different one 7"  # of nobody
_TWICE = {"password1": _NEW_PASSWORD, "password2": _NEW_PASSWORD}
PROBES = ("healthz", "livez", "readyz")
_PORTFOLIO = "portfolios/<uuid:portfolio_id>/"
_WATCHLIST = "watchlists/<uuid:watchlist_id>/"

ADDRESSES: dict[str, Rule] = {
    # ---------- Whether the server lives ----------
    **dict.fromkeys(PROBES, Rule(get=ANYBODY)),
    "metrics": Rule(get=MACHINE),
    # ---------- Without a server ----------
    "service-worker.js": Rule(get=ANYBODY),
    "offline/<slug:language>/": Rule(get=ANYBODY, ids=_fixed(language="en")),
    # ---------- Signing in ----------
    "sign-in/": Rule(get=ANYBODY, post=ANYBODY, form=_fixed(login="hugo@example.org", password=PASSWORD)),
    "sign-in/inactive/": Rule(get=ANYBODY),
    "sign-up/": Rule(get=ANYBODY, post=ANYBODY, form=_fixed(email="new@example.org", password1=PASSWORD)),
    "sign-out/": Rule(get=ANYBODY, post=ANYBODY),
    "sign-out/everywhere/": Rule(post=SIGNED_IN),
    "e-mail/confirm/": Rule(get=ANYBODY),
    "^e-mail/confirm/(?P<key>[-:\\w]+)/$": Rule(
        get=ANYBODY, post=ANYBODY, ids=lambda _world: {"key": unconfirmed_key()}
    ),
    "password/change/": Rule(get=SIGNED_IN, post=SIGNED_IN, form=_fixed(oldpassword=PASSWORD, **_TWICE)),
    "password/reset/": Rule(get=ANYBODY, post=ANYBODY, form=_fixed(email="hugo@example.org")),
    "password/reset/done/": Rule(get=ANYBODY),
    "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": Rule(
        get=ANYBODY, post=ANYBODY, form=_fixed(**_TWICE), ids=lambda _world: reset_parts()
    ),
    "password/reset/key/done/": Rule(get=ANYBODY),
    "demo/sign-in/": Rule(post=ANYBODY),
    # ---------- The market ----------
    "stocks/": Rule(get=QUOTES),
    "stocks/search.json": Rule(get=QUOTES),
    "stocks/<path:symbol>/today.json": Rule(get=QUOTES, ids=_fixed(symbol="AAPL")),
    **{f"instruments/<path:symbol>/{part}": Rule(get=SIGNED_IN) for part in ("", "candles.json")},
    "definitions/": Rule(get=SIGNED_IN),
    "market-hours.json": Rule(get=QUOTES),
    # ---------- The operator's ----------
    "operator/feeds/": Rule(get=OPERATOR),
    "operator/feeds/believe/": Rule(post=OPERATOR, form=_fixed(symbol="AAPL", price=DOUBTED)),
    "operator/feeds/hold/": Rule(post=OPERATOR, form=_fixed(symbol="IBM")),
    "operator/instruments/": Rule(get=OPERATOR, post=OPERATOR, form=_fixed(symbol="AAPL", feeds="yahoo")),
    "operator/instruments/as-instance/": Rule(post=OPERATOR, form=_fixed(symbol=DECIDED)),
    "operator/instruments/traded/": Rule(post=OPERATOR, form=_fixed(symbol=DECIDED)),
    # ---------- One's own ----------
    "": Rule(get=ANYBODY),
    "preferences/": Rule(
        get=SIGNED_IN,
        post=SIGNED_IN,
        form=_fixed(base_currency="EUR", locale="de", time_zone="Europe/Berlin", theme="dark"),
    ),
    "preferences/holdings/": Rule(post=SIGNED_IN, form=_fixed(group="class")),
    "preferences/theme/": Rule(post=SIGNED_IN, form=_fixed(theme="dark")),
    "portfolios/new/": Rule(
        get=SIGNED_IN,
        post=SIGNED_IN,
        form=_fixed(
            name="Another",
            base_currency="EUR",
            account_name="Broker",
            account_currency="EUR",
            key="0b6a4f2e-5a0b-4e0c-9a1d-7f3f5b7d2c10",
        ),
    ),
    "suggest/rate.json": Rule(get=SIGNED_IN),
    "watchlists/": Rule(get=SIGNED_IN, post=SIGNED_IN, form=_fixed(name="Another")),
    "watchlists/add/": Rule(post=SIGNED_IN, form=_fixed(symbol=DECIDED)),
    "watchlists/button/": Rule(get=SIGNED_IN),
    "watchlists/order/": Rule(post=THEIR_OWN, form=lists_arranged),
    _WATCHLIST: Rule(get=THEIR_OWN),
    f"{_WATCHLIST}sparks.json": Rule(get=THEIR_OWN),
    f"{_WATCHLIST}rename/": Rule(post=THEIR_OWN, form=_fixed(name="Renamed")),
    f"{_WATCHLIST}delete/": Rule(post=THEIR_OWN),
    f"{_WATCHLIST}restore/": Rule(post=THEIR_OWN, ids=lambda world: {"watchlist_id": world.watchlists[2]}),
    f"{_WATCHLIST}remove/": Rule(post=THEIR_OWN, form=_fixed(symbol="AAPL")),
    f"{_WATCHLIST}return/": Rule(post=THEIR_OWN, form=_fixed(symbol=DECIDED)),
    f"{_WATCHLIST}order/": Rule(post=THEIR_OWN, form=_fixed(symbol=["IBM", "AAPL"], version="3")),
    "search.json": Rule(get=SIGNED_IN),
    "net-worth.json": Rule(get=SIGNED_IN),
    # ---------- A portfolio ----------
    _PORTFOLIO: Rule(get=VIEWER),
    **{
        f"{_PORTFOLIO}{data}.json": Rule(get=VIEWER)
        for data in ("today", "sparks", "instruments", "price", "what-if", "value")
    },
    **{f"{_PORTFOLIO}{page}/": Rule(get=VIEWER) for page in ("attribution", "income", "performance", "then")},
    **{f"{_PORTFOLIO}{page}": Rule(get=VIEWER) for page in ("allocation/", "allocation.json", "allocation/proposal/")},
    f"{_PORTFOLIO}allocation/targets/": Rule(
        get=EDITOR, post=EDITOR, form=_fixed(**{"version": "0", "tolerance": "5", "key-0": "equity", "percent-0": "50"})
    ),
    f"{_PORTFOLIO}allocation/instruments/": Rule(
        get=VIEWER, post=EDITOR, form=_fixed(version="0", symbol="HOUSE", tag="core")
    ),
    f"{_PORTFOLIO}explain/<slug:figure>/": Rule(get=VIEWER, ids=_fixed(figure="value")),
    f"{_PORTFOLIO}explain/keep/": Rule(post=VIEWER, form=explained_token),
    f"{_PORTFOLIO}explain/kept/<slug:digest>/": Rule(get=VIEWER),
    f"{_PORTFOLIO}performance/benchmark/": Rule(get=EDITOR, post=EDITOR, form=_fixed(benchmark="")),
    f"{_PORTFOLIO}actions/": Rule(get=VIEWER),
    f"{_PORTFOLIO}actions/accept/": Rule(post=EDITOR),
    f"{_PORTFOLIO}actions/<uuid:account_id>/rule/": Rule(post=EDITOR, ids=waiting_action),
    **{
        f"{_PORTFOLIO}actions/<uuid:account_id>/<int:action_id>/{done}/": Rule(post=EDITOR, ids=ids)
        for done, ids in {"accept": waiting_action, "dismiss": waiting_action, "restore": dismissed_action}.items()
    },
    f"{_PORTFOLIO}prices/": Rule(get=VIEWER, post=EDITOR, form=_fixed(symbol="HOUSE", day="2011-03-01", price="120")),
    f"{_PORTFOLIO}settings/": Rule(get=VIEWER, post=OWNER, form=_fixed(name="Renamed", base_currency="USD")),
    f"{_PORTFOLIO}delete/": Rule(get=OWNER, post=OWNER, form=_fixed(name="Alice’s")),
    f"{_PORTFOLIO}accounts/new/": Rule(get=EDITOR, post=EDITOR, form=_fixed(name="Second", currency="EUR")),
    f"{_PORTFOLIO}accounts/<uuid:account_id>/": Rule(
        get=EDITOR, post=EDITOR, form=_fixed(name="Renamed", currency="USD")
    ),
    f"{_PORTFOLIO}accounts/<uuid:account_id>/costs/": Rule(
        get=EDITOR,
        post=EDITOR,
        form=_fixed(
            method="lifo", cash_method="fifo", fees_in_cost="on", actions="all", seen="fifo fifo True False all"
        ),
    ),
    f"{_PORTFOLIO}accounts/<uuid:account_id>/delete/": Rule(
        post=EDITOR, ids=lambda world: {"account_id": world.alices.empty_account}
    ),
    f"{_PORTFOLIO}instruments/<path:symbol>/": Rule(get=VIEWER),
    f"{_PORTFOLIO}instruments/<path:symbol>/note/": Rule(post=EDITOR, form=_fixed(text="Mine.", version="0")),
    f"{_PORTFOLIO}gains/": Rule(get=VIEWER),
    f"{_PORTFOLIO}gains.csv": Rule(get=VIEWER),
    f"{_PORTFOLIO}gains/periods/": Rule(
        get=EDITOR, post=EDITOR, form=_fixed(day_count="inclusive", long_term_months="6")
    ),
    f"{_PORTFOLIO}members/": Rule(get=VIEWER, post=OWNER, form=_fixed(email="hugo@example.org", role="viewer")),
    f"{_PORTFOLIO}members/<int:user_id>/": Rule(post=OWNER, form=_fixed(role="editor")),
    f"{_PORTFOLIO}members/<int:user_id>/remove/": Rule(get=OWNER, post=OWNER, own=VIEWER),
    f"{_PORTFOLIO}transactions/": Rule(get=VIEWER),
    **TRANSACTION_ADDRESSES,
    f"{_PORTFOLIO}transactions/new/": Rule(get=EDITOR, post=EDITOR, form=_purchase, references=("account_id",)),
    f"{_PORTFOLIO}transactions/<uuid:transaction_id>/": Rule(
        get=VIEWER, post=EDITOR, form=_deposit, references=("account_id",)
    ),
    f"{_PORTFOLIO}transactions/<uuid:transaction_id>/delete/": Rule(get=EDITOR, post=EDITOR, form=_fixed(version="1")),
    # ---------- Files in and out ----------
    f"{_PORTFOLIO}import/": Rule(get=EDITOR, post=EDITOR, form=sent_file),
    f"{_PORTFOLIO}import/<uuid:batch_id>/": Rule(get=EDITOR),
    f"{_PORTFOLIO}import/<uuid:batch_id>/choices/": Rule(
        post=EDITOR, form=_fixed(**{f"account_{key_of('Broker')}": "new"})
    ),
    f"{_PORTFOLIO}import/<uuid:batch_id>/book/": Rule(post=EDITOR, form=shown_digest),
    f"{_PORTFOLIO}import/<uuid:batch_id>/undo/": Rule(
        post=EDITOR, ids=lambda world: {"batch_id": world.alices.booked_batch}
    ),
    f"{_PORTFOLIO}import/<uuid:batch_id>/drop/": Rule(post=EDITOR),
    **{f"{_PORTFOLIO}export.{form}": Rule(get=VIEWER) for form in ("csv", "json")},
}

PUBLIC = {
    "",
    *PROBES,
    "service-worker.js",
    "offline/<slug:language>/",
    "sign-in/",
    "sign-in/inactive/",
    "sign-up/",
    "sign-out/",
    "e-mail/confirm/",
    "^e-mail/confirm/(?P<key>[-:\\w]+)/$",
    "password/reset/",
    "password/reset/done/",
    "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "password/reset/key/done/",
    "demo/sign-in/",
    "stocks/",
    "stocks/search.json",
    "stocks/<path:symbol>/today.json",
    "market-hours.json",
}
"""Every address that answers to whoever asks."""

# ---------- Services ----------


SERVICES: dict[str, ServiceRule] = {
    "operators.require_operator": ServiceRule(OPERATOR),
    "feed_overview.feed_overview": ServiceRule(OPERATOR),
    "held_prices.held_release": ServiceRule(OPERATOR, arguments=_fixed(symbol="AAPL", price=Decimal(DOUBTED))),
    "held_prices.held_keep": ServiceRule(OPERATOR, arguments=_fixed(symbol="IBM")),
    "single_instruments.single_instruments": ServiceRule(OPERATOR),
    "operators.require_operator_or_console": ServiceRule(OPERATOR),
    "feed_orders.feed_order_change": ServiceRule(OPERATOR, arguments=_fixed(symbol="AAPL", feeds=("yahoo",))),
    "delistings.delisting_record": ServiceRule(OPERATOR, arguments=_fixed(symbol="AAPL", since=date(2199, 1, 4))),
    "delistings.delisting_undo": ServiceRule(OPERATOR, arguments=_fixed(symbol=DECIDED)),
    "portfolios.portfolios_of": ServiceRule(SIGNED_IN),
    "net_worth_series.net_worth_series": ServiceRule(SIGNED_IN, arguments=_fixed(currency="EUR", name=SpanName.ALL)),
    "portfolios.portfolio_create": ServiceRule(SIGNED_IN, arguments=_fixed(name="Another", base_currency="EUR")),
    "portfolios.portfolio_view": ServiceRule(VIEWER, "PORTFOLIO_VIEW"),
    "portfolios.portfolio_update": ServiceRule(OWNER, "PORTFOLIO_UPDATE", _fixed(name="Renamed", base_currency="USD")),
    "portfolios.portfolio_delete": ServiceRule(OWNER, "PORTFOLIO_DELETE"),
    "holding_periods.holding_periods_change": ServiceRule(
        EDITOR, "HOLDING_PERIODS_CHANGE", _fixed(periods=HoldingPeriods(DayCount.INCLUSIVE, 6))
    ),
    "benchmark_choice.benchmark_choose": ServiceRule(EDITOR, "BENCHMARK_CHOOSE", _fixed(symbol="")),
    "allocations.allocation_of": ServiceRule(VIEWER, "PORTFOLIO_VIEW", _fixed(dimension=Dimension.CLASS)),
    "allocation_targets.targets_of": ServiceRule(VIEWER, "PORTFOLIO_VIEW", _fixed(dimension=Dimension.CLASS)),
    "allocation_targets.targets_change": ServiceRule(
        EDITOR,
        "TARGETS_CHANGE",
        _fixed(dimension=Dimension.CLASS, targets=(), tolerance=Decimal(5), expected_version=0),
    ),
    "classifications.classification_change": ServiceRule(
        EDITOR,
        "CLASSIFICATION_CHANGE",
        lambda _world: {"symbol": HOUSE, "chosen": Chosen(tag="core"), "expected_version": 0},
    ),
    "portfolios.account_create": ServiceRule(EDITOR, "ACCOUNT_CREATE", _fixed(name="Second", currency="EUR")),
    "portfolios.account_update": ServiceRule(
        EDITOR, "ACCOUNT_UPDATE", _fixed(name="Renamed", currency="USD"), names=("account_id",)
    ),
    "account_options.account_options_preview": ServiceRule(
        EDITOR,
        "ACCOUNT_OPTIONS_CHANGE",
        _fixed(options=AccountOptions(method=CostMethod.LIFO), expected=DEFAULT_OPTIONS),
        names=("account_id",),
    ),
    "account_options.account_options_change": ServiceRule(
        EDITOR,
        "ACCOUNT_OPTIONS_CHANGE",
        _fixed(options=AccountOptions(method=CostMethod.LIFO), expected=DEFAULT_OPTIONS),
        names=("account_id",),
    ),
    "instrument_pages.instrument_held": ServiceRule(VIEWER, "PORTFOLIO_VIEW", _fixed(symbol="AAPL")),
    "instrument_notes.note_of": ServiceRule(VIEWER, "PORTFOLIO_VIEW", _fixed(symbol="AAPL")),
    "instrument_notes.note_write": ServiceRule(
        EDITOR, "NOTE_WRITE", _fixed(symbol="AAPL", text="", expected_version=0)
    ),
    **{f"manual_prices.{name}": ServiceRule(EDITOR, "PRICE_SET", _fixed(**parts)) for name, parts in PRICES.items()},
    "open_lots.lots_of": ServiceRule(
        VIEWER,
        "PORTFOLIO_VIEW",
        lambda world: {"account_id": world.alices.empty_account, "symbol": "AAPL", "at": TRADED},
    ),
    "portfolios.account_delete": ServiceRule(
        EDITOR, "ACCOUNT_DELETE", lambda world: {"account_id": world.alices.empty_account}, names=("account_id",)
    ),
    "members.members_of": ServiceRule(VIEWER, "MEMBERS_VIEW"),
    "members.member_add": ServiceRule(OWNER, "MEMBER_ADD", _fixed(email="hugo@example.org", role=Role.VIEWER)),
    "members.member_change": ServiceRule(OWNER, "MEMBER_CHANGE", _fixed(role=Role.EDITOR), names=("user_id",)),
    "members.member_remove": ServiceRule(OWNER, "MEMBER_REMOVE", names=("user_id",), own=VIEWER),
    **TRANSACTION_SERVICES,
    "transactions.transaction_add": ServiceRule(EDITOR, "TRANSACTION_ADD", deposited),
    "transactions.transaction_edit": ServiceRule(
        EDITOR,
        "TRANSACTION_EDIT",
        lambda world: {**deposited(world), "expected_version": 1},
        names=("transaction_id",),
    ),
    "action_inbox.action_accept": ServiceRule(
        EDITOR, "TRANSACTION_ADD", lambda world: {**waiting_action(world), **dividend_drafted(world)}, ("account_id",)
    ),
    "action_inbox.actions_accept": ServiceRule(EDITOR, "TRANSACTION_ADD", dividend_drafted),
    "action_inbox.action_dismiss": ServiceRule(EDITOR, "ACTION_DISMISS", waiting_action, ("account_id",)),
    "action_inbox.action_restore": ServiceRule(EDITOR, "ACTION_DISMISS", dismissed_action, ("account_id",)),
    "transactions.transaction_delete": ServiceRule(
        EDITOR, "TRANSACTION_DELETE", _fixed(expected_version=1), names=("transaction_id",)
    ),
    "imports.import_preview": ServiceRule(
        EDITOR, "IMPORT_BOOK", _fixed(content=b"date,type,amount\n", file_name="empty.csv")
    ),
    "imports.import_choose": ServiceRule(EDITOR, "IMPORT_BOOK", _fixed(choices=Choices()), names=("batch_id",)),
    "imports.import_drop": ServiceRule(EDITOR, "IMPORT_BOOK", names=("batch_id",)),
    **dict.fromkeys(("imports.imports_of", "imports.imports_waiting"), ServiceRule(EDITOR, "IMPORT_BOOK")),
    "imports.import_view": ServiceRule(EDITOR, "IMPORT_BOOK", names=("batch_id",)),
    "imports.import_rows": ServiceRule(EDITOR, "IMPORT_BOOK", names=("batch_id",)),
    "import_bookings.import_book": ServiceRule(EDITOR, "IMPORT_BOOK", _fixed(digest="another"), names=("batch_id",)),
    "import_bookings.import_undo": ServiceRule(
        EDITOR, "IMPORT_UNDO", lambda world: {"batch_id": world.alices.booked_batch}, names=("batch_id",)
    ),
    **{f"exports.export_{each}": ServiceRule(VIEWER, "PORTFOLIO_EXPORT") for each in ("csv", "json", "gains_csv")},
    **dict.fromkeys(LOOKED_AT, ServiceRule(VIEWER, "PORTFOLIO_VIEW")),
    "known_books.known_at": ServiceRule(VIEWER, "PORTFOLIO_VIEW", _fixed(at=NOON)),
    "known_books.known_shelf": ServiceRule(VIEWER, "PORTFOLIO_VIEW", _fixed(known=NOTHING_KNOWN)),
    "known_books.changes_between": ServiceRule(
        VIEWER, "PORTFOLIO_VIEW", _fixed(before=NOTHING_KNOWN, after=NOTHING_KNOWN)
    ),
    "explanations.explanation_of": ServiceRule(VIEWER, "PORTFOLIO_VIEW", _fixed(asked=explanations.Asked("value", {}))),
    "explanations.explanation_from": ServiceRule(VIEWER, "PORTFOLIO_VIEW", explained_token),
    "explanations.explanation_keep": ServiceRule(VIEWER, "PORTFOLIO_VIEW", explained_token),
    "explanations.explanation_kept": ServiceRule(VIEWER, "PORTFOLIO_VIEW", names=("digest",)),
    "then_and_now.then_and_now": ServiceRule(VIEWER, "PORTFOLIO_VIEW", _fixed(known_by=NOON)),
    "performance.performance_of": ServiceRule(VIEWER, "PORTFOLIO_VIEW", _fixed(asked=Asked())),
    "value_series.value_series": ServiceRule(VIEWER, "PORTFOLIO_VIEW", _fixed(name=SpanName.ALL)),
    "what_if.what_if": ServiceRule(
        VIEWER, "PORTFOLIO_VIEW", lambda world: {"asked": WhatIfAsked(world.alices.account, "AAPL")}
    ),
    "suggestions.instrument_search": ServiceRule(VIEWER, "PORTFOLIO_VIEW", _fixed(text="AA")),
    "suggestions.instrument_known": ServiceRule(VIEWER, "PORTFOLIO_VIEW", _fixed(symbol="HOUSE")),
    "suggestions.price_suggestion": ServiceRule(VIEWER, "PORTFOLIO_VIEW", _fixed(symbol="HOUSE", at=NOON)),
}

UNASKED: dict[str, str] = {
    "permissions.require": "is the question itself",
    "portfolio_changes.held_portfolio": "asks for the operation that it is given",
    "idempotency.once": "answers from the keys of the actor alone",
    "flow_valuations.flow_ground": "asks ledgers.shelf_of, and gives nothing where that refuses",
    **dict.fromkeys(ASKED_BEFORE, "is called by services that have asked"),
    **dict.fromkeys(OWN_WORK, "is the product's own work, which nobody asks for"),
    **dict.fromkeys(COMMANDED, "is of commands of the operator's, who has the database"),
    **dict.fromkeys(ONESELF, "is about the person themselves, whom the caller has signed in"),
    **dict.fromkeys(ENGINES, "the engine reads; the hub lets only those watch who may"),
    "sessions.session_state": "says only whether a session stands",
}
"""Services that take an actor, a person or a portfolio and ask no permission, each with the reason."""
