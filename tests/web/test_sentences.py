import pytest

from tickfolio.web.sentences import begun


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no feed knows it.", "No feed knows it."),
        ("closed.", "Closed."),
        ("www.ecb.europa.eu did not answer", "www.ecb.europa.eu did not answer"),
        ("", ""),
    ],
)
def test_a_sentence_begins_with_a_capital_and_a_host_stays_as_it_is_written(text: str, expected: str) -> None:
    assert begun(text) == expected
