"""What a preview says of the instruments of a file, once for each and not on every row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.money import plain
from tickfolio.services.import_ground import Fate, Ground, Verdict, symbol_spelt


def instrument_notes(verdicts: Iterable[Verdict], ground: Ground) -> tuple[str, ...]:
    """The instruments that would be made, how their trades are counted, and those that are called something else here."""
    found = list(verdicts)
    made = {new.symbol: new for each in found if each.read is not None for new in each.read.new_instruments}
    private = [symbol for symbol, new in made.items() if new.mic == PRIVATE_MIC]
    notes = []
    if len(private) == 1:
        notes.append(f"No feed offers {private[0]}: it is kept in this portfolio, without a price.")
    elif private:
        notes.append(f"No feed offers {', '.join(private)}: they are kept in this portfolio, without a price.")
    notes += [_contract(new) for new in made.values() if new.contract_size != 1 or new.quote_unit != 1]
    is_read = any(each.fate in (Fate.NEW, Fate.KNOWN) for each in found)
    return (*notes, *_other_classes(ground, made)) if is_read else tuple(notes)


def _contract(new: Instrument) -> str:
    unit = "" if new.quote_unit == 1 else f" ÷ {plain(new.quote_unit)}"
    size = "" if new.contract_size == 1 else f" × {plain(new.contract_size)}"
    return f"A trade of {new.symbol} comes to quantity × price{size}{unit}."


def _other_classes(ground: Ground, made: Mapping[Symbol, Instrument]) -> list[str]:
    """The class of what is known here stays."""
    notes = []
    for text, facts in ground.facts.items():
        symbol = symbol_spelt(text, ground)
        known = None if symbol is None or symbol in made else ground.instruments.get(symbol)
        if known is not None and facts.instrument_class not in ("", known.instrument_class):
            notes.append(f"{symbol} stays {known.instrument_class} here; the file says {facts.instrument_class}.")
    return notes
