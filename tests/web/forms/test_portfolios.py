import uuid

from tickfolio.web.forms.portfolios import AccountForm, DeletePortfolioForm, NewPortfolioForm, PortfolioForm

TYPED = {"name": " Long term ", "base_currency": "EUR"}


def test_a_portfolio_has_a_name_and_a_currency() -> None:
    form = PortfolioForm(TYPED)
    assert (form.is_valid(), form.cleaned_data) == (True, {"name": "Long term", "base_currency": "EUR"})


def test_a_new_portfolio_comes_with_its_first_account() -> None:
    form = NewPortfolioForm({**TYPED, "key": str(uuid.uuid4())})
    assert not form.is_valid()
    assert form.errors["account_name"] == ["Expected a name for the first account; the field is empty."]


def test_the_first_account_is_in_the_base_currency_unless_another_is_chosen() -> None:
    typed = {**TYPED, "account_name": "Harbor", "key": str(uuid.uuid4())}
    for chosen, currency in (("", "EUR"), ("USD", "USD")):
        form = NewPortfolioForm({**typed, "account_currency": chosen})
        assert form.is_valid()
        assert form.cleaned_data["account_currency"] == currency


def test_an_accounts_own_currency_is_offered_whatever_it_is() -> None:
    typed = {"name": "Vault", "currency": "XAU"}
    assert AccountForm(typed, currencies=["XAU"]).is_valid()
    assert AccountForm(typed).errors["currency"] == ["Expected a currency of the list, was XAU."]


def test_a_portfolio_is_deleted_by_its_very_name() -> None:
    assert DeletePortfolioForm({"name": "Long term"}, portfolio_name="Long term").is_valid()
    form = DeletePortfolioForm({"name": "long"}, portfolio_name="Long term")
    assert form.errors["name"] == ["Expected Long term, was long."]
