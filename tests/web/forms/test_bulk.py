from tickfolio.services.bulk_changes import BulkChange, BulkKind, Chosen
from tickfolio.web.forms.bulk import BulkForm, chosen_of


def form(**typed: str) -> BulkForm:
    return BulkForm(typed, accounts=(), mark=",")


def test_what_is_typed_is_the_change() -> None:
    typed = form(kind="note_append", note=" a\nb ")
    assert typed.is_valid()
    assert typed.change() == BulkChange(kind=BulkKind.NOTE_APPEND, note="a b")


def test_a_change_asks_for_what_it_needs() -> None:
    assert set(form(kind="fee").errors) == {"fees"}
    assert set(form(kind="note_append").errors) == {"note"}
    assert set(form(kind="").errors) == {"kind"}
    assert form(kind="note_replace").is_valid()


def test_boxes_name_transactions_and_the_versions_that_were_seen() -> None:
    values = ["a:1", "b:12", "c", ":1", "d:x", "e:123456789", "f:\N{SUPERSCRIPT TWO}"]
    assert chosen_of(values) == (Chosen("a", 1), Chosen("b", 12))
