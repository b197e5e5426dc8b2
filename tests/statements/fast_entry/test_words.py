from tickfolio.statements.fast_entry import words


def test_a_word_means_one_thing_but_for_those_whose_neighbours_decide() -> None:
    tables = [
        set(words.TYPES), words.FEE_WORDS, words.TAX_WORDS, words.AMOUNT_WORDS, words.RATE_WORDS, words.PLACES,
        words.LOOSE_PLACES, words.NOTE_WORDS, words.FILLERS, set(words.TODAY), set(words.WEEKDAYS), set(words.MONTHS),
        words.DAY_LEADS, words.PRICE_WORDS | words.TIME_LEADS,
    ]  # fmt: skip
    assert sum(len(table) for table in tables) == len(set().union(*tables))


def test_words_are_known_however_they_are_written() -> None:
    assert [words.is_keyword(word) for word in ("Kauf", "GEBÜHR:", "on", "AAPL", "$ON")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_every_word_of_the_tables_is_as_folding_leaves_it() -> None:
    known = {
        *words.TYPES,
        *words.FEE_WORDS,
        *words.TAX_WORDS,
        *words.PLACES,
        *words.FILLERS,
        *words.MONTHS,
        *words.WEEKDAYS,
    }
    assert {word for word in known if words.folded(word) != word} == set()
