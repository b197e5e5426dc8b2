"""Unforeseen errors are caught in few places, each known by name; everywhere else they surface."""

import ast

from tests.architecture.sources import Module, modules

CATCH_ALL = {"Exception", "BaseException"}
ALLOWED = {
    "tickfolio.runtime.embedded": "the supervisor: an unforeseen error of one feed or sweep must not end the others",
    "tickfolio.runtime.market_recorder": "prices go on whatever the database says, and what could not be written comes again",
    "tickfolio.runtime.lifespan": "the server must hear that there is no start, whatever the reason",
    "tickfolio.runtime.portfolio_reader": "the supervisor of each portfolio: one that fails must not stop the beat of all",
    "tickfolio.runtime.audit": "the supervisor of each audit: one that fails is counted, and the next goes on",
    "tickfolio.runtime.series_keeper": "the supervisor of each portfolio: one that fails must not stop the others",
    "tickfolio.feeds.latest_prices": "the supervisor of answers: one that nobody foresaw must not end the stream",
    "tickfolio.runtime.history_keeper": "the supervisor of each instrument: one that fails must not stop the others",
    "tickfolio.runtime.campaign": "the supervisor of each term: one that fails must not keep the next from beginning",
    "tickfolio.runtime.loops": "the supervisor of all that runs for ever: an unforeseen error begins one loop again and ends no other",
    "tickfolio.runtime.feeds_engine": "whoever asked over the bus must get an answer, whatever went wrong",
    "tickfolio.runtime.probe_server": "whoever probes must get an answer, whatever went wrong",
    "tickfolio.runtime.remote_desk": "whoever waits for an answer of the feeds must get one, whatever went wrong",
    "tickfolio.runtime.web_engine": "pages go on whatever the database says, and what could not be read comes again",
    "tickfolio.runtime.live_desk": "whoever waits for an answer of the feeds must get one, whatever went wrong",
    "tickfolio.feeds.live_market": "the supervisor of all feeds: one price that nobody foresaw must not keep the others away",
    "tickfolio.feeds.supervisor": "the supervisor: an unforeseen error of one feed must not end the others",
}


def catches_everything(handler: ast.ExceptHandler) -> bool:
    """Whether a handler catches every error there is."""
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(each, ast.Name) and each.id in CATCH_ALL for each in types)


def catch_alls(module: Module) -> list[str]:
    """The places where a module catches every error."""
    handlers = (node for node in ast.walk(module.tree) if isinstance(node, ast.ExceptHandler))
    return [module.at(handler) for handler in handlers if catches_everything(handler)]


def test_only_supervisors_catch_every_error() -> None:
    assert [place for module in modules() if module.name not in ALLOWED for place in catch_alls(module)] == []
