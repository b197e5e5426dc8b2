"""What the benchmark's peer reads is the message that the product reads."""

from benchmarks.bench_feeds import FIELDS, TYPES
from tests.feeds.emulators import yahoo
from tickfolio.feeds.yahoo.pricing_data import PricingData

WRITTEN = {"string": "text", "float": "float", "double": "double", "int32": "number", "sint64": "signed"}


def test_fields_are_numbered_and_typed_as_the_emulator_writes_them() -> None:
    described = {
        field.split()[1]: (number, WRITTEN[field.split()[0]]) for number, field in enumerate(FIELDS.split(","), start=1)
    }
    assert yahoo.FIELDS.items() <= described.items()
    assert set(PricingData._fields) <= described.keys()
    assert WRITTEN.keys() == TYPES.keys()
