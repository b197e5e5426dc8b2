from tickfolio.domain.money import Currency
from tickfolio.feeds.ecb.history import EUR, rate_history
from tickfolio.web.currencies import CURRENCY_NAMES, currency_choices, rate_warning


def test_every_currency_with_a_rate_is_offered_and_no_other() -> None:
    assert {Currency(code) for code in CURRENCY_NAMES} == {EUR, *rate_history().currencies}


def test_a_currency_that_is_in_use_already_is_offered_too_and_once() -> None:
    codes = [code for code, _ in currency_choices(also=["XAU", "EUR", ""])]
    assert (codes.count("EUR"), codes[-1], "" in codes) == (1, "XAU", False)


def test_only_some_are_offered_and_what_is_chosen_already() -> None:
    assert [code for code, _ in currency_choices(only=["EUR", "USD"], also=["EEK"])] == ["EUR", "USD", "EEK"]


def test_what_has_no_rate_comes_last_and_says_so() -> None:
    choices = currency_choices(rated=["USD", "EEK"])
    assert [code for code, _ in choices[:2]] == ["USD", "EEK"]
    assert dict(choices)["EEK"] == "EEK, kroon"
    assert dict(choices)["MTL"] == "MTL, Maltese lira: no rate now"
    assert {code for code, _ in choices} == set(CURRENCY_NAMES)


def test_a_base_currency_without_a_rate_is_warned_of() -> None:
    assert rate_warning("EEK", {"EUR", "USD"}).startswith("EEK has no exchange rate now")
    assert [rate_warning("USD", {"EUR", "USD"}), rate_warning("", {"EUR"}), rate_warning("EEK", None)] == ["", "", ""]
