import ast
from collections import Counter

from tools.remove_permission_checks import PACKAGE, removals


def test_every_removal_leaves_a_file_that_can_be_read_and_is_another_one() -> None:
    for removal in removals():
        text = removal.file.read_text(encoding="utf-8")
        changed = removal.applied(text)
        assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(text)), removal.name


def test_the_checks_of_the_source_are_found() -> None:
    kinds = Counter(
        word for removal in removals() for word in ("MINIMUM_ROLE", "require", "signed_in") if word in removal.name
    )
    assert kinds["MINIMUM_ROLE"] >= 12
    assert kinds["require"] >= 20
    assert kinds["signed_in"] >= 20
    assert sum("may_watch" in removal.name for removal in removals()) == 2
    assert sum("offers_demo" in removal.name for removal in removals()) == 1


def test_no_guard_is_written_in_a_way_that_is_not_found() -> None:
    """Each mention of a guard is its definition, an import, or a check that is taken out."""
    mentions = sum(
        (PACKAGE / path).read_text(encoding="utf-8").count("signed_in(")
        for path in ("web/urls.py", "web/people_urls.py")
    )
    assert sum("urls.py" in removal.name and "signed_in" in removal.name for removal in removals()) == mentions
