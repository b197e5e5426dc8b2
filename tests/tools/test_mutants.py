"""Mutants that no test noticed are told apart from those whose reason is known."""

from __future__ import annotations

from tools.mutants import PAGE, Mutant, justified, mutants_in, results_of

DIFF = """\
--- src/tickfolio/domain/ledger/lots.py
+++ src/tickfolio/domain/ledger/lots.py
@@ -1,3 +1,3 @@
 def total(lots):
-    return sum(lots)
+    return sum(None)
"""
PRINTED = """\
    tickfolio.domain.ledger.lots.x_total__mutmut_1: survived
    tickfolio.domain.ledger.lots.x_total__mutmut_2: killed
    tickfolio.domain.ledger.cash.x_give__mutmut_1: no tests
    tickfolio.domain.ledger.cash.x_give__mutmut_2: not checked
"""


def test_a_mutant_is_the_line_that_went_and_the_one_that_came() -> None:
    assert mutants_in(DIFF) == [Mutant("return sum(lots)", "return sum(None)")]


def test_a_line_that_became_two_is_one_mutant() -> None:
    assert mutants_in("-a = f(x=1,\n-)\n+a = f(\n+)\n b\n-c\n+d\n") == [
        Mutant("a = f(x=1, )", "a = f( )"),
        Mutant("c", "d"),
    ]


def test_lines_that_nothing_came_for_are_one_mutant() -> None:
    assert mutants_in(" a\n-case _:\n-    pass\n b\n-c\n+d\n\n-e\n") == [
        Mutant("case _: pass", ""),
        Mutant("c", "d"),
        Mutant("e", ""),
    ]


def test_what_stands_on_the_page_in_a_block_of_changes_is_justified() -> None:
    page = f"# Page\n\nBecause.\n\n```diff\n{DIFF}```\n\n```sh\n-x\n+y\n```\n"
    assert justified(page) == {Mutant("return sum(lots)", "return sum(None)")}


def test_results_are_of_the_modules_that_were_asked_for_and_ran() -> None:
    assert list(results_of(PRINTED, ["ledger.lots"]).values()) == ["survived", "killed"]
    assert list(results_of(PRINTED, ["ledger.cash"]).values()) == ["no tests"]
    assert len(results_of(PRINTED, [])) == 3


def test_the_page_has_reasons() -> None:
    assert justified(PAGE.read_text(encoding="utf-8"))
