"""The product runs as a process, says where, and comes back on the same port with the same data."""

import urllib.request
from collections.abc import Callable

from tests.servers.product import Product


def status_of(url: str) -> int:
    """The status of an answer."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return int(answer.status)


def test_it_says_its_address_in_its_one_line(start_product: Callable[..., Product]) -> None:
    product = start_product("--speed", "60")
    assert product.printed == f"Tickfolio is running at {product.origin}/\n"
    assert status_of(product.url) == 200


def test_it_comes_back_on_the_same_port_after_it_was_killed(start_product: Callable[..., Product]) -> None:
    product = start_product("--speed", "60")
    url = product.url
    product.kill()
    product.restart()
    assert product.url == url
    assert status_of(url) == 200


def test_it_ends_in_good_order_on_ctrl_c(start_product: Callable[..., Product]) -> None:
    product = start_product("--speed", "60")
    assert product.stop() == 0


def test_nothing_of_the_tests_reaches_its_settings(start_product: Callable[..., Product]) -> None:
    product = start_product("--speed", "60", is_first_start=True)
    assert (product.data / "tickfolio.sqlite3").is_file()
