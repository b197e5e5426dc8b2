"""How an account matches its lots and counts its costs, as one text in a file: ``hifo cash_average fees_apart shorts actions_none``.

**Source**: docs/reference/file-format.md, section Methods of accounts.
"""

from __future__ import annotations

from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions, ActionRule, CashMethod, CostMethod
from tickfolio.errors import InvalidValue
from tickfolio.statements.rows import shortened
from tickfolio.words import phrase

_CASH = {f"cash_{method.value}": method for method in CashMethod}
_ACTIONS = {f"actions_{rule.value}": rule for rule in ActionRule}
_FEES_APART, _SHORTS = "fees_apart", "shorts"


def method_text(options: AccountOptions) -> str:
    """The text of `options`; empty where they are those that every account begins with.

    >>> method_text(AccountOptions(method=CostMethod.HIFO, allows_shorts=True))
    'hifo shorts'
    """
    if options == DEFAULT_OPTIONS:
        return ""
    words = [options.method.value]
    if options.cash_method is not DEFAULT_OPTIONS.cash_method:
        words.append(f"cash_{options.cash_method.value}")
    if not options.fees_in_cost:
        words.append(_FEES_APART)
    if options.allows_shorts:
        words.append(_SHORTS)
    if options.actions is not DEFAULT_OPTIONS.actions:
        words.append(f"actions_{options.actions.value}")
    return " ".join(words)


def options_from(text: str) -> AccountOptions:
    """The options that a text says; the empty one says the ones that every account begins with.

    Raises:
        InvalidValue: it says something else.
    """
    method, cash_method, actions = DEFAULT_OPTIONS.method, DEFAULT_OPTIONS.cash_method, DEFAULT_OPTIONS.actions
    words = text.lower().split()
    for word in words:
        if word in list(CostMethod):
            method = CostMethod(word)
        elif word in _CASH:
            cash_method = _CASH[word]
        elif word in _ACTIONS:
            actions = _ACTIONS[word]
        elif word not in (_FEES_APART, _SHORTS):
            raise InvalidValue(
                phrase(
                    "Expected a method of an account such as {costmethod}, was {word}.",
                    costmethod=" ".join(CostMethod),
                    word=repr(shortened(word)),
                )
            )
    return AccountOptions(method, cash_method, _FEES_APART not in words, _SHORTS in words, actions)
