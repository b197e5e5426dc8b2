"""What a file says besides its rows, as a preview keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from tickfolio.persistence.models import ImportBatch
from tickfolio.statements.beside import NOTHING, Beside
from tickfolio.statements.beside_reading import beside_document, beside_from
from tickfolio.statements.rows import InstrumentFacts

type Findings = dict[str, object]


@dataclass(frozen=True, slots=True)
class Described:
    """What a file says besides its rows."""

    manner: str
    accounts: Mapping[str, str]
    instruments: Mapping[str, InstrumentFacts]
    questions: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    notices: tuple[str, ...]
    methods: Mapping[str, str] = field(default_factory=dict)
    beside: Beside = NOTHING

    def document(self) -> Findings:
        """As a database keeps it."""
        return {
            "manner": self.manner,
            "accounts": dict(self.accounts),
            "instruments": {symbol: _facts_document(facts) for symbol, facts in self.instruments.items()},
            "questions": [
                [subject, text, [list(each) for each in answers]] for subject, text, answers in self.questions
            ],
            "notices": list(self.notices),
            "methods": dict(self.methods),
            "beside": beside_document(self.beside),
        }


def described_from(batch: ImportBatch) -> Described:
    """What a preview keeps of its file besides the rows."""
    found = batch.findings
    return Described(
        manner=found["manner"],
        accounts=found["accounts"],
        instruments={symbol: _facts_from(facts) for symbol, facts in found["instruments"].items()},
        questions=tuple(
            (subject, text, tuple((value, words) for value, words in answers))
            for subject, text, answers in found["questions"]
        ),
        notices=tuple(found["notices"]),
        methods=found.get("methods", {}),
        beside=beside_from(found.get("beside", {})),
    )


def _facts_document(facts: InstrumentFacts) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(facts).items() if value not in (None, "")}


def _facts_from(kept: Mapping[str, str]) -> InstrumentFacts:
    return InstrumentFacts(
        name=kept.get("name", ""),
        currency=kept.get("currency", ""),
        contract_size=Decimal(kept["contract_size"]) if "contract_size" in kept else None,
        quote_unit=Decimal(kept["quote_unit"]) if "quote_unit" in kept else None,
        instrument_class=kept.get("instrument_class", ""),
    )
