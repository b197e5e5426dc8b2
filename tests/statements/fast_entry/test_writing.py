from hypothesis import given
from hypothesis import strategies as st

from tests.statements.fast_entry.lines import ENGLISH, GERMAN, read
from tests.statements.fast_entry.test_reading import LINES
from tickfolio.statements.fast_entry.line import Ground
from tickfolio.statements.fast_entry.writing import written


def test_a_line_is_written_plainly_and_with_the_numbers_of_its_person() -> None:
    line = read("AAPL +10 @189,20 gebühr 1 Harbor Light gestern 9:30 notiz zwei", GERMAN)
    assert written(line, ground=GERMAN) == (
        "buy 10 AAPL at 189,20 fee 1 on 2026-04-19 09:30:00 in Harbor Light note zwei"
    )


def test_a_symbol_that_is_a_word_as_well_is_written_with_its_mark() -> None:
    assert written(read("buy 10 ON at 60"), ground=ENGLISH) == "buy 10 $ON at 60"


@given(LINES, st.sampled_from([ENGLISH, GERMAN]))
def test_what_is_written_is_read_as_what_was_read(text: str, ground: Ground) -> None:
    line = read(text, ground)
    if line.is_whole:
        again = read(written(line, ground=ground), ground)
        assert again.is_whole
        assert again.values() == line.values()
