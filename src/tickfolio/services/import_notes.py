"""What a preview says of the instruments of a file, once for each and not on every row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.money import plain
from tickfolio.services.import_ground import Fate, Ground, Verdict, symbol_spelt
from tickfolio.services.instruments import listed_instruments
from tickfolio.words import phrase

MOST_NAMED = 12
"""So many symbols that nobody was heard of are named in a note."""


def instrument_notes(verdicts: Iterable[Verdict], ground: Ground) -> tuple[str, ...]:
    """The instruments that would be made, how their trades are counted, and those that are called something else here."""
    found = list(verdicts)
    made = {new.symbol: new for each in found if each.read is not None for new in each.read.new_instruments}
    private = [symbol for symbol, new in made.items() if new.mic == PRIVATE_MIC]
    public = {**ground.offered, **listed_instruments(private)}
    nowhere = [symbol for symbol in private if symbol not in public and symbol not in ground.unheard]
    notes = [_offered(new, public[symbol]) for symbol, new in made.items() if symbol in public]
    if nowhere:
        notes.append(phrase("No feed offers {kept_here}.", kept_here=_kept_here(nowhere)))
    notes += _unheard([symbol for symbol in private if symbol in ground.unheard], ground)
    notes += [_contract(new) for new in made.values() if new.contract_size != 1 or new.quote_unit != 1]
    is_read = any(each.fate in (Fate.NEW, Fate.KNOWN) for each in found)
    return (*notes, *_other_classes(ground, made)) if is_read else tuple(notes)


def _unheard(symbols: Sequence[Symbol], ground: Ground) -> Iterator[str]:
    """Those that no feed could say anything of, and those that no feed was asked for yet."""
    if asked := [symbol for symbol in symbols if symbol not in ground.unasked]:
        are, they = ("is", phrase("it is")) if len(asked) == 1 else ("are", phrase("they are"))
        yield (
            phrase(
                "No feed could say yet what {some} {are}: {they} kept in this portfolio, without a price. Apply again to ask once more.",
                some=_some(asked),
                are=are,
                they=they,
            )
        )
    if unasked := [symbol for symbol in symbols if symbol in ground.unasked]:
        count = len(unasked)
        have, they = (
            (phrase("symbol has"), phrase("it is")) if count == 1 else (phrase("symbols have"), phrase("they are"))
        )
        yield (
            phrase(
                "{count} {have} not been asked for yet: {some}. Booked now, {they} kept in this portfolio, "
                "without a price. Press Apply to ask for the next ones.",
                count=count,
                have=have,
                some=_some(unasked),
                they=they,
            )
        )


def _some(symbols: Sequence[Symbol]) -> str:
    """All of a few, the first ones of many."""
    if len(symbols) <= MOST_NAMED:
        return ", ".join(symbols)
    return phrase(
        "{symbols} and {value} others",
        symbols=", ".join(symbols[: MOST_NAMED - 1]),
        value=len(symbols) - MOST_NAMED + 1,
    )


def _kept_here(symbols: Sequence[Symbol]) -> str:
    kept = phrase("it is") if len(symbols) == 1 else phrase("they are")
    return phrase("{symbols}: {kept} kept in this portfolio, without a price", symbols=", ".join(symbols), kept=kept)


def _offered(new: Instrument, offered: Instrument) -> str:
    """What is taken for something that a feed knows, or why it is not."""
    what = phrase(
        "{name} ({instrument_class}, {mic}, in {quoted_in})",
        name=offered.name,
        instrument_class=offered.instrument_class,
        mic=offered.mic,
        quoted_in=offered.quoted_in,
    )
    if new == offered:
        return phrase("{symbol} is taken for {what}, which a feed prices.", symbol=new.symbol, what=what)
    kept = phrase("{symbol} is kept in this portfolio, without a price", symbol=new.symbol)
    if new.currency == offered.currency and new.quote_unit != offered.quote_unit:
        unit = plain(offered.quote_unit)
        return phrase(
            "{kept}: feeds have {what}, and the file does not say a quote unit of {unit} for its prices.",
            kept=kept,
            what=what,
            unit=unit,
        )
    return phrase(
        "{kept}: feeds have {what} under that symbol, and the file means something else.", kept=kept, what=what
    )


def _contract(new: Instrument) -> str:
    unit = "" if new.quote_unit == 1 else f" ÷ {plain(new.quote_unit)}"
    size = "" if new.contract_size == 1 else f" × {plain(new.contract_size)}"
    return phrase("A trade of {symbol} comes to quantity × price{size}{unit}.", symbol=new.symbol, size=size, unit=unit)


def _other_classes(ground: Ground, made: Mapping[Symbol, Instrument]) -> list[str]:
    """The class of what is known here stays."""
    notes = []
    for text, facts in ground.facts.items():
        symbol = symbol_spelt(text, ground)
        known = None if symbol is None or symbol in made else ground.instruments.get(symbol)
        if known is not None and facts.instrument_class not in ("", known.instrument_class):
            notes.append(
                phrase(
                    "{symbol} stays {kept} here; the file says {stated}.",
                    symbol=symbol,
                    kept=known.instrument_class,
                    stated=facts.instrument_class,
                )
            )
    return notes
