"""The columns of the holdings: what they are called, which are summed, and how the table is laid out with those chosen."""

from __future__ import annotations

from dataclasses import dataclass

from tickfolio.services.holdings_view import FIRST_COLUMNS, MOST_PINNED, Column, GroupBy, HoldingsView, SortBy
from tickfolio.words import marked_phrase, phrase


@dataclass(frozen=True, slots=True)
class ColumnText:
    """A column.

    Attributes:
        name: in the head of the table; empty where the head says nothing to see.
        told: in the list to choose from, and as the sort is told.
        head: the classes of its head.
        sort: what its head sorts by; empty where it sorts nothing.
    """

    column: Column
    name: str
    told: str
    head: str = "r"
    sort: str = ""
    is_summed: bool = False


COLUMNS = (
    ColumnText(Column.PRICE, marked_phrase("Price"), marked_phrase("Price"), sort="price"),
    ColumnText(Column.QUALITY, "", marked_phrase("Quality of the price"), head="c-quality"),
    ColumnText(Column.CHANGE, marked_phrase("Change"), marked_phrase("Change in percent"), sort="change"),
    ColumnText(Column.SPARK, marked_phrase("Chart"), marked_phrase("Line of the day"), head="c-spark"),
    ColumnText(Column.QUANTITY, marked_phrase("Quantity"), marked_phrase("Quantity")),
    ColumnText(Column.COST, marked_phrase("Cost"), marked_phrase("Cost"), head="r c-cost", sort="cost", is_summed=True),
    ColumnText(Column.UNIT_COST, marked_phrase("Unit cost"), marked_phrase("Cost of one unit")),
    ColumnText(Column.VALUE, marked_phrase("Value"), marked_phrase("Value"), sort="value", is_summed=True),
    ColumnText(Column.WEIGHT, marked_phrase("Weight"), marked_phrase("Weight"), head="r c-weight", is_summed=True),
    ColumnText(Column.DAY, marked_phrase("Day P&L"), marked_phrase("Day P&L"), sort="day", is_summed=True),
    ColumnText(Column.DAY_PERCENT, "Day %", marked_phrase("Day P&L in percent"), sort="day-percent", is_summed=True),
    ColumnText(Column.DAY_PRICE, "Day, price", marked_phrase("Day P&L by prices"), sort="day-price", is_summed=True),
    ColumnText(
        Column.DAY_CURRENCY,
        "Day, currency",
        marked_phrase("Day P&L by currencies"),
        sort="day-currency",
        is_summed=True,
    ),
    ColumnText(
        Column.UNREALIZED,
        marked_phrase("Unrealized"),
        marked_phrase("Unrealized P&L"),
        sort="unrealized",
        is_summed=True,
    ),
    ColumnText(
        Column.PERCENT,
        marked_phrase("Unrl. %"),
        marked_phrase("Unrealized P&L in percent"),
        head="r c-unrealp",
        sort="percent",
        is_summed=True,
    ),
    ColumnText(Column.ACCOUNT, marked_phrase("Account"), marked_phrase("Account"), head=""),
    ColumnText(Column.CLASS, marked_phrase("Class"), marked_phrase("Class"), head=""),
    ColumnText(Column.SECTOR, marked_phrase("Sector"), marked_phrase("Sector"), head=""),
    ColumnText(Column.COUNTRY, marked_phrase("Country"), marked_phrase("Country"), head=""),
    ColumnText(Column.CURRENCY, marked_phrase("Currency"), marked_phrase("Currency"), head=""),
)
"""All that there are, as they are offered."""

GROUP_NAMES = {
    GroupBy.NONE: marked_phrase("Nothing"),
    GroupBy.ACCOUNT: marked_phrase("Account"),
    GroupBy.CLASS: marked_phrase("Class"),
    GroupBy.SECTOR: marked_phrase("Sector"),
    GroupBy.CURRENCY: marked_phrase("Currency"),
    GroupBy.COUNTRY: marked_phrase("Country"),
}
_TEXTS = {text.column: text for text in COLUMNS}


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """A chosen column as the head of the table has it: `aria_sort` is empty where the table is not sorted by it."""

    text: ColumnText
    aria_sort: str


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column in the list to choose from."""

    text: ColumnText
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The table as somebody chose it.

    Attributes:
        names: the parts of page_cells.html, one for each column.
        lead: how many columns the name of a sum spans: its own, and those before the first that is summed.
        sums: the parts of page_sum_cells.html, one for each column after those.
        is_own: other columns than the first ones are chosen.
    """

    heads: tuple[ColumnHead, ...]
    names: tuple[str, ...]
    lead: int
    sums: tuple[str, ...]
    pinned: int
    group: str
    sort: str
    is_descending: bool
    choices: tuple[ColumnChoice, ...]
    is_own: bool

    @property
    def aria_sort(self) -> str:
        """How the names are sorted; empty where the table is sorted by something else."""
        return _aria_sort(self.sort == SortBy.NAME, self.is_descending)

    @property
    def groups(self) -> tuple[tuple[str, str], ...]:
        """What rows can be grouped by, with its name."""
        return tuple((by.value, name) for by, name in GROUP_NAMES.items())

    @property
    def sorts(self) -> tuple[tuple[str, str], ...]:
        """What rows can be sorted by, with its name."""
        return ("name", phrase("Name")), *((text.sort, text.told) for text in COLUMNS if text.sort)

    @property
    def pins(self) -> tuple[tuple[int, str], ...]:
        """How many columns can be pinned beside the name, with words for it."""
        words = (phrase("The name"), phrase("The name and the first column"))
        more = (phrase("The name and the first {count} columns", count=count) for count in range(2, MOST_PINNED + 1))
        return tuple(enumerate((*words, *more)))


def layout_of(view: HoldingsView) -> Layout:
    """The table as `view` has it."""
    texts = [_TEXTS[column] for column in view.columns]
    first_sum = next((place for place, text in enumerate(texts) if text.is_summed), len(texts))
    rest = (text for text in COLUMNS if text.column not in view.columns)
    return Layout(
        heads=tuple(
            ColumnHead(text, _aria_sort(bool(text.sort) and text.sort == view.sort.value, view.is_descending))
            for text in texts
        ),
        names=tuple(text.column.value for text in texts),
        lead=1 + first_sum,
        sums=tuple(text.column.value if text.is_summed else "none" for text in texts[first_sum:]),
        pinned=min(view.pinned, len(texts)),
        group=view.group.value,
        sort=view.sort.value,
        is_descending=view.is_descending,
        choices=(*(ColumnChoice(text, True) for text in texts), *(ColumnChoice(text, False) for text in rest)),
        is_own=set(view.columns) != set(FIRST_COLUMNS),
    )


def _aria_sort(is_by_it: bool, is_descending: bool) -> str:
    return "" if not is_by_it else "descending" if is_descending else "ascending"


def moved(columns: list[str], move: str) -> list[str]:
    """The columns with one of them a place further, as ``price:up`` or ``price:down`` says; as they are where it cannot."""
    name, _, way = move.partition(":")
    if name not in columns or way not in ("up", "down"):
        return columns
    place = columns.index(name)
    other = place + (1 if way == "down" else -1)
    if not 0 <= other < len(columns):
        return columns
    swapped = columns.copy()
    swapped[place], swapped[other] = swapped[other], swapped[place]
    return swapped
