import errno
import resource
import socket

import pytest
import uvicorn

from tickfolio.errors import StartupRefused
from tickfolio.runtime import server
from tickfolio.runtime.first_request import FirstRequest
from tickfolio.runtime.server import ENOUGH_DESCRIPTORS, bind, raise_descriptor_limit, serve


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def close(sockets: list[socket.socket]) -> None:
    for one in sockets:
        one.close()


def test_free_port_is_taken_as_asked() -> None:
    port = free_port()
    bound = bind("127.0.0.1", port)
    assert bound[0].getsockname()[:2] == ("127.0.0.1", port)
    close(bound)


def test_taken_port_gets_the_next_free_one() -> None:
    first = bind("127.0.0.1", free_port())
    taken = first[0].getsockname()[1]
    second = bind("127.0.0.1", taken)
    assert second[0].getsockname()[1] > taken
    close([*first, *second])


def test_taken_port_is_refused_where_no_other_will_do() -> None:
    first = bind("127.0.0.1", free_port())
    taken = first[0].getsockname()[1]
    with pytest.raises(
        StartupRefused, match=rf"port {taken} of 127.0.0.1 to be free, found it in use.*another --port\."
    ):
        bind("127.0.0.1", taken, ports_to_try=1)
    with pytest.raises(StartupRefused, match=r"another --probes\."):
        bind("127.0.0.1", taken, ports_to_try=1, option="--probes")
    close(first)


def test_port_taken_at_one_of_localhosts_addresses_is_taken() -> None:
    first = bind("127.0.0.1", free_port())
    taken = first[0].getsockname()[1]
    second = bind("localhost", taken)
    assert {one.getsockname()[1] for one in second} != {taken}
    close([*first, *second])


def test_localhost_is_one_port_at_all_its_addresses() -> None:
    bound = bind("localhost", 0)
    assert len({one.getsockname()[1] for one in bound}) == 1
    assert {one.getsockname()[0] for one in bound} <= {"127.0.0.1", "::1"}
    close(bound)


def test_any_port_is_tried_anew_where_the_other_address_has_it_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def taken(_host: str, port: int) -> list[socket.socket]:
        asked.append(port)
        raise OSError(errno.EADDRINUSE, "taken")

    monkeypatch.setattr(server, "_listen_on_all", taken)
    with pytest.raises(StartupRefused):
        bind("localhost", 0, ports_to_try=3)
    assert asked == [0, 0, 0]


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host.invalid"])
def test_address_that_is_not_this_machines_is_a_clear_error(host: str) -> None:
    with pytest.raises(StartupRefused, match="Expected to listen on"):
        bind(host, 0)


def test_process_may_open_as_many_sockets_as_the_system_allows() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = raise_descriptor_limit()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert soft == allowed
    assert soft >= min(hard, ENOUGH_DESCRIPTORS) or hard == resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_handshakes_are_read_before_uvicorn_does(monkeypatch: pytest.MonkeyPatch) -> None:
    configs: list[uvicorn.Config] = []

    def stopped(config: uvicorn.Config, **_options: object) -> None:
        configs.append(config)
        raise KeyboardInterrupt

    monkeypatch.setattr(server, "_Server", stopped)
    monkeypatch.setattr(server, "collect_rarely", lambda: None)
    serve(None, [], before_stop=lambda: None)
    assert [config.http for config in configs] == [FirstRequest]
