import tickfolio.errors
from tickfolio.errors import ProtocolError, TickfolioError


def test_every_error_descends_from_the_root_and_has_a_code_of_its_own() -> None:
    kinds = [kind for kind in vars(tickfolio.errors).values() if isinstance(kind, type)]
    errors = [kind for kind in kinds if issubclass(kind, TickfolioError)]
    assert errors == kinds
    codes = [kind.code for kind in errors if kind is not ProtocolError]
    assert len(set(codes)) == len(codes)


def test_protocol_error_carries_its_code_and_message() -> None:
    error = ProtocolError("not_json", "Expected JSON.")
    assert (error.code, error.message, str(error)) == ("not_json", "Expected JSON.", "Expected JSON.")


def test_tree_in_the_docstring_names_every_error() -> None:
    tree = tickfolio.errors.__doc__ or ""
    assert all(name in tree for name, kind in vars(tickfolio.errors).items() if isinstance(kind, type))
