import msgspec

from tickfolio.live.versioned import VersionedRow


class Row(msgspec.Struct, frozen=True):
    price: str
    name: str


class RowDelta(msgspec.Struct, frozen=True):
    price: str | msgspec.UnsetType = msgspec.UNSET
    name: str | msgspec.UnsetType = msgspec.UNSET


def row(key: str | None = "AAPL") -> VersionedRow[Row, RowDelta]:
    return VersionedRow(Row("1", "Apple"), RowDelta, key=key, version=3)


def test_replacing_names_the_columns_that_differ() -> None:
    one = row()
    assert one.replace(Row("2", "Apple"), version=4) == ["price"]
    assert one.replace(Row("2", "Apple"), version=5) == []
    assert one.version == 4


def test_delta_holds_the_columns_that_changed_after_a_version() -> None:
    one = row()
    one.replace(Row("2", "Apple"), version=4)
    one.replace(Row("2", "Apple Inc."), version=5)
    assert one.changed_since(4) == RowDelta(name="Apple Inc.")
    assert one.changed_since(3) == RowDelta("2", "Apple Inc.")
    assert one.delta_fragment(since=4) == b'"AAPL":{"name":"Apple Inc."}'


def test_nothing_is_encoded_twice_between_two_changes() -> None:
    one = row()
    assert one.full_fragment() is one.full_fragment()
    assert one.delta_fragment(since=2) is one.delta_fragment(since=2)
    before = one.full_fragment()
    one.replace(Row("2", "Apple"), version=4)
    assert (before, one.full_fragment()) == (
        b'"AAPL":{"price":"1","name":"Apple"}',
        b'"AAPL":{"price":"2","name":"Apple"}',
    )


def test_row_that_stands_alone_is_encoded_without_a_key() -> None:
    assert row(None).full_fragment() == b'{"price":"1","name":"Apple"}'


def test_row_that_never_changes_keeps_nothing_for_those_who_ask_again_and_again() -> None:
    one = row()
    for version in range(3, 1000):
        assert one.delta_fragment(since=version) == b'"AAPL":{}'
    assert one._deltas == {}
