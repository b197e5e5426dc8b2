"""Real rows to be kept from others: two portfolios with all that belongs to one, and everybody who may ask for them.

Alice owns, Erin may edit, Bob may view. Dora could edit until she was removed. Charlie has a portfolio of his own and must
see nothing of theirs. Judy runs the instance, and must see nothing of theirs either. Frank is a viewer whom the tests change
and remove; Irene owns as well, so that Alice may leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.test.client import ClientHandler

from tests.identity.cast import PASSWORD
from tests.live.market import AAPL, IBM, OPEN, instrument
from tests.services.changes import bar, changes, quote
from tickfolio.domain.corporate_actions import CashDividend
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, ActionRule
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import Currency
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.identity.models import ApiToken, User
from tickfolio.persistence.models import (
    Attachment,
    HeldPriceRecord,
    ImportBatch,
    InstrumentNote,
    InstrumentRecord,
    KeptExplanation,
    Membership,
    OutboxEntry,
    Portfolio,
    Watchlist,
)
from tickfolio.persistence.tenancy import Person, Role, System
from tickfolio.services import (
    account_options,
    action_inbox,
    attachments,
    corporate_actions,
    explanations,
    import_bookings,
    imports,
    manual_prices,
    members,
    people,
    portfolios,
    tokens,
    transactions,
    watchlists,
)
from tickfolio.services.market_records import instance_declare, instruments_register, market_changes_record
from tickfolio.services.transactions import TransactionDraft

LOOKING = System("the matrix looks")
HOUSE = "HOUSE"
"""What only a portfolio knows: each of both has one."""
DOUBTED = "1.25"
DECIDED = Symbol("GONE")
"""Has feeds of its own, and is traded no more."""
"""A price in quarantine."""
TRADED = datetime(2011, 3, 1, 15, 0, tzinfo=UTC)
_PRICED = {"symbol": HOUSE, "day": TRADED.date() + timedelta(days=1)}
PRICES: Mapping[str, Mapping[str, Any]] = {
    "price_add": {"symbol": HOUSE, "day": TRADED.date(), "price": Decimal(120)},
    "price_correct": {**_PRICED, "price": Decimal(120), "expected_version": 1},
    "price_withdraw": {**_PRICED, "expected_version": 1},
    "offered_take": {"symbol": HOUSE},
}
"""What services do with it: one price was typed on the day after it was bought, and a feed offers the symbol by now."""


class Who(StrEnum):
    """The columns of the matrix: who asks for what is Alice's."""

    ANONYMOUS = "anonymous"
    OTHER = "other user"
    EX_MEMBER = "ex-member"
    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"
    OPERATOR = "operator"

    @property
    def is_member(self) -> bool:
        """Whether they may know of the portfolio at all."""
        return self in (Who.VIEWER, Who.EDITOR, Who.OWNER)


@dataclass(frozen=True, slots=True)
class Holding:
    """A portfolio and the ids of what is in it."""

    portfolio: str
    account: str
    empty_account: str
    transaction: str
    booked_batch: str
    explained: str
    """The token of an explanation that nobody has kept yet."""
    kept: str
    """The digest of one that was kept."""
    file: str
    """Attached to the transaction."""
    removed_file: str
    """Was attached to it, and can be brought back."""
    paid_account: str
    """An account that takes no dividend by itself, and holds what pays some."""


@dataclass(slots=True)
class World:
    """The rows, and everybody's session."""

    alices: Holding
    charlies: Holding
    user_ids: dict[str, int]
    sessions: dict[Who, str] = field(default_factory=dict)
    previews: dict[Who, str] = field(default_factory=dict)
    """Files that people have had read and not booked: each is there for who made it, and for nobody else."""
    handler: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))
    actions: tuple[int, int] = (0, 0)
    """Two dividends of what both hold: one waits to be accepted, the other was dismissed."""
    watchlists: tuple[str, str, str] = ("", "", "")
    """Alice's: two that are there, the first with AAPL and IBM on it, and one that she has deleted."""
    token: str = ""
    """The id of a token of Alice's."""
    untouched: object = None
    """The state that every probe begins with, since whatever one does is undone."""

    def actor(self, who: Who) -> Person:
        """Who calls a service. An anonymous visitor cannot: no actor is made of them."""
        return Person(self.user_ids[PEOPLE[who]])

    def client(self, who: Who) -> Client:
        """A browser with that person's session in it."""
        browser = Client(headers={"Host": "localhost"})
        browser.handler = (
            self.handler
        )  # one for all: it reads the middleware and the static files when it is first used
        if who in self.sessions:
            browser.cookies["sessionid"] = self.sessions[who]
        return browser

    def ids(self, holding: Holding, who: Who = Who.OWNER) -> dict[str, str]:
        """What an address may name, by the name of its parameter; of files read in, the one that `who` had read."""
        is_alices = holding is self.alices
        reader = who if who.is_member and who in self.previews else Who.OWNER
        return {
            "portfolio_id": holding.portfolio,
            "account_id": holding.account,
            "transaction_id": holding.transaction,
            "attachment_id": holding.file,
            "user_id": str(self.user_ids["frank" if is_alices else "george"]),
            "batch_id": self.previews[reader if is_alices else Who.OTHER],
            "digest": holding.kept,
            "job_key": holding.account,  # of a job that nobody has begun
            "action_id": str(self.actions[0]),
            "watchlist_id": self.watchlists[0],
            "token_id": self.token,
            "symbol": AAPL,
        }

    def state(self) -> object:
        """What of the database must not change when somebody is refused."""
        return (
            list(
                Portfolio.objects.for_actor(LOOKING).order_by("pk").values_list("pk", "name", "base_currency", "head")
            ),
            list(Membership.objects.for_actor(LOOKING).order_by("pk").values_list("portfolio", "user", "role")),
            OutboxEntry.objects.for_actor(LOOKING).count(),
            KeptExplanation.objects.for_actor(LOOKING).count(),
            InstrumentNote.objects.for_actor(LOOKING).count(),
            list(Attachment.objects.for_actor(LOOKING).order_by("pk").values_list("pk", "removed_at")),
            list(ImportBatch.objects.for_actor(LOOKING).order_by("pk").values_list("pk", "state", "choices")),
            list(User.objects.order_by("pk").values_list(*_OF_PEOPLE)),
            list(ApiToken.objects.order_by("pk").values_list("pk", "revoked_at")),
            Session.objects.count(),
            list(HeldPriceRecord.objects.order_by("pk").values_list("pk", "released_by")),
            list(InstrumentRecord.objects.order_by("pk").values_list("pk", "feeds", "delisted_on")),
            EmailAddress.objects.filter(verified=True).count(),
            [list(self._watched(user_id)) for user_id in self.user_ids.values()],
        )

    def _watched(self, user_id: int) -> Iterable[object]:
        lists = Watchlist.objects.for_actor(Person(user_id)).order_by("pk")
        return lists.values_list("pk", "name", "position", "instruments", "deleted_at")


_OF_PEOPLE = ["pk", "password", "session_version", "is_active", "theme", "locale", "holdings_view", "base_currency"]
NAMES = ("alice", "erin", "bob", "dora", "charlie", "frank", "george", "hugo", "irene", "judy")
PEOPLE = {
    Who.OTHER: "charlie",
    Who.EX_MEMBER: "dora",
    Who.VIEWER: "bob",
    Who.EDITOR: "erin",
    Who.OWNER: "alice",
    Who.OPERATOR: "judy",
}


def build() -> World:
    """Makes the world, through the services, as people would."""
    instance_declare(is_replay=True, at=OPEN)
    instruments_register(instruments=[instrument(AAPL), instrument(IBM), instrument(DECIDED)])
    InstrumentRecord.objects.filter(symbol=DECIDED).update(feeds="yahoo", delisted_on=OPEN.date())
    market_changes_record(
        changes=changes(quotes=(quote("501.50"),), bars=(bar("501.00"),), clock=ClockPosition(1, OPEN))
    )
    user_ids = {name: _person(name) for name in NAMES}
    world = World(
        alices=_holding(Person(user_ids["alice"]), "Alice’s"),
        charlies=_holding(Person(user_ids["charlie"]), "Charlie’s"),
        user_ids=user_ids,
    )
    instruments_register(instruments=[instrument(Symbol(HOUSE))])
    alice, portfolio_id = Person(user_ids["alice"]), world.alices.portfolio
    roles = {"erin": Role.EDITOR, "bob": Role.VIEWER, "dora": Role.EDITOR, "frank": Role.VIEWER, "irene": Role.OWNER}
    for name, role in roles.items():
        members.member_add(actor=alice, portfolio_id=portfolio_id, email=f"{name}@example.org", role=role)
    members.member_remove(actor=alice, portfolio_id=portfolio_id, user_id=user_ids["dora"])
    members.member_add(
        actor=Person(user_ids["charlie"]),
        portfolio_id=world.charlies.portfolio,
        email="george@example.org",
        role=Role.VIEWER,
    )
    world.actions = _pay_dividends(world)
    world.watchlists = _watch(alice)
    world.token = tokens.token_make(actor=alice, name="Script", days=None).view.id
    people.demo_owner_create()
    _doubt_prices(User.objects.get(pk=user_ids["judy"]))
    for who, holding in ((Who.OWNER, world.alices), (Who.EDITOR, world.alices), (Who.OTHER, world.charlies)):
        world.previews[who] = _read_in(world.actor(who), holding.portfolio, day=5)
    for who, name in PEOPLE.items():
        browser = Client()
        browser.force_login(User.objects.get(pk=user_ids[name]))
        key = browser.session.session_key
        assert key is not None
        world.sessions[who] = key
    world.untouched = world.state()
    return world


@contextmanager
def undone() -> Iterator[None]:
    """Undoes what the block does to the database, and forgets the tries that it counted."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def unconfirmed_key() -> str:
    """The key of a mail that asks somebody to confirm their address."""
    user = User.objects.get(email="hugo@example.org")
    address, _is_new = EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})
    return EmailConfirmationHMAC(address).key


def reset_parts() -> dict[str, str]:
    """The two parts of a reset link of somebody."""
    link = people.reset_link(email="hugo@example.org")
    uid, _, key = link.rpartition("/key/")[2].rstrip("/").partition("-")
    return {"uidb36": uid, "key": key}


_HASHED: dict[str, str] = {}


def _person(name: str) -> int:
    """A user; the password's hash is made once, because it is made to be slow."""
    hashed = _HASHED.setdefault(PASSWORD, make_password(PASSWORD))
    return User.objects.create(email=f"{name}@example.org", password=hashed).pk


def _pay_dividends(world: World) -> tuple[int, int]:
    """Two dividends of IBM; the second is dismissed in Alice's account."""
    paid = [CashDividend(IBM, day, Decimal("0.75"), Currency("USD")) for day in (date(2011, 5, 6), date(2011, 8, 8))]
    corporate_actions.actions_record(actions=paid, source="replay", at=OPEN)
    first, second = (each.fact.id for each in corporate_actions.actions_of(symbol=IBM))
    alices = world.alices
    action_inbox.action_dismiss(
        actor=world.actor(Who.OWNER),
        portfolio_id=alices.portfolio,
        account_id=alices.paid_account,
        action_id=second,
    )
    return first, second


def _watch(alice: Person) -> tuple[str, str, str]:
    """Three lists, the last of which she has deleted."""
    first, second, third = (watchlists.watchlist_create(actor=alice, name=name).id for name in ("One", "Two", "Three"))
    for symbol in (AAPL, IBM):
        watchlists.entry_add(actor=alice, symbol=symbol, watchlist_id=first)
    watchlists.watchlist_delete(actor=alice, watchlist_id=third)
    return first, second, third


def _doubt_prices(operator: User) -> None:
    """Two prices in quarantine, the second of which an operator has believed a moment ago."""
    operator.is_staff = True
    operator.save(update_fields=["is_staff"])
    believed: dict[str, Any] = {"released_at": OPEN, "released_by": operator}
    for symbol, decided in ((AAPL, {}), (IBM, believed)):
        HeldPriceRecord.objects.create(
            instrument=InstrumentRecord.objects.get(symbol=symbol),
            price=Decimal(DOUBTED),
            reference=Decimal("501.50"),
            doubt="wild jump",
            source="yahoo",
            source_time=OPEN,
            count=1,
            held_at=OPEN,
            **decided,
        )


def _holding(owner: Person, name: str) -> Holding:
    made = portfolios.portfolio_create(actor=owner, name=name, base_currency="USD")
    account = portfolios.account_create(actor=owner, portfolio_id=made.id, name="Broker", currency="USD")
    empty = portfolios.account_create(actor=owner, portfolio_id=made.id, name="Empty", currency="USD")

    def booked(**parts: Any) -> str:
        draft = TransactionDraft(**{"account_id": account.id, "at": TRADED, **parts})
        return transactions.transaction_add(actor=owner, portfolio_id=made.id, draft=draft).id

    first = booked(type=TransactionType.DEPOSIT, amount=Decimal("9000.00"))
    file, removed = _attached(owner, portfolio_id=made.id, transaction_id=first)
    paid = portfolios.account_create(actor=owner, portfolio_id=made.id, name="Paid", currency="USD")
    booked(account_id=paid.id, type=TransactionType.BUY, symbol=IBM, quantity=Decimal(1), price=Decimal("160.00"))
    units = replace(DEFAULT_OPTIONS, actions=ActionRule.UNITS)
    account_options.account_options_change(
        actor=owner, portfolio_id=made.id, account_id=paid.id, options=units, expected=DEFAULT_OPTIONS
    )
    booked(type=TransactionType.BUY, symbol=AAPL, quantity=Decimal(10), price=Decimal("350.00"))
    booked(
        type=TransactionType.BUY,
        symbol=HOUSE,
        quantity=Decimal(1),
        price=Decimal(100),
        currency="USD",
        creates_instrument=True,
    )
    priced: dict[str, Any] = {**_PRICED, "price": Decimal(110)}
    manual_prices.price_add(actor=owner, portfolio_id=made.id, **priced)
    batch = _read_in(owner, made.id, day=4)
    shown = imports.import_view(actor=owner, portfolio_id=made.id, batch_id=batch)
    import_bookings.import_book(actor=owner, portfolio_id=made.id, batch_id=batch, digest=shown.digest)
    explained, kept = (
        explanations.explanation_of(actor=owner, portfolio_id=made.id, asked=explanations.Asked(figure, {})).token
        for figure in ("value", "cost")
    )
    digest = explanations.explanation_keep(actor=owner, portfolio_id=made.id, token=kept)
    return Holding(
        made.id,
        account.id,
        empty.id,
        transaction=first,
        booked_batch=batch,
        explained=explained,
        kept=digest,
        file=file,
        removed_file=removed,
        paid_account=paid.id,
    )


def _attached(owner: Person, **place: Any) -> tuple[str, str]:
    """Two files, the second of which is removed."""
    files = [attachments.NewFile(f"{name}.txt", name.encode()) for name in ("kept", "removed")]
    added = {each.name: each.id for each in attachments.attachments_add(actor=owner, files=files, **place)}
    attachments.attachment_remove(actor=owner, attachment_id=added["removed.txt"], **place)
    return added["kept.txt"], added["removed.txt"]


def _read_in(actor: Person, portfolio_id: str, *, day: int) -> str:
    """A file with one new row, previewed."""
    content = f"date,type,amount,currency,account\n2011-03-0{day},deposit,10.00,USD,Broker\n".encode()
    return imports.import_preview(actor=actor, portfolio_id=portfolio_id, content=content, file_name="trades.csv")
