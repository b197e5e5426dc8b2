"""Signing up, in and out as a person does it, in a real browser: with and without scripts, wide and narrow, light and dark."""

import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints, NewContext
from tests.servers.mail import mail_server
from tests.servers.product import Product, running_product, users_environment

PASSWORD = "correct horse battery staple"
NARROWEST = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One product for all; each test has people of its own."""
    with running_product("--speed", "60") as product:
        yield product


def sign_up(page: Page, product: Product, email: str) -> None:
    """Creates an account and is then signed in."""
    page.goto(f"{product.origin}/sign-up/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_url(lambda address: "/sign-up/" not in address)


def overflows(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_a_person_signs_up_out_and_in_again_and_their_preferences_hold(page: Page, product: Product) -> None:
    sign_up(page, product, "alice@example.org")
    page.goto(f"{product.origin}/preferences/")
    page.get_by_label("Base currency").select_option("USD")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    page.goto(f"{product.origin}/sign-out/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{product.origin}/preferences/")
    page.get_by_label("E-mail").fill("alice@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/preferences/")
    expect(page.get_by_label("Base currency")).to_have_value("USD")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")


def test_what_was_typed_stays_and_the_error_takes_the_focus(page: Page, product: Product) -> None:
    page.goto(f"{product.origin}/sign-in/")
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.get_by_label("Password").fill("wrong password 1")
    page.get_by_role("button", name="Sign in").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("E-mail and password don’t match")
    expect(summary).to_contain_text("4 more tries before a pause of 5 minutes.")
    expect(summary).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_value("nobody@example.org")


def test_one_click_opens_the_demo(page: Page, product: Product) -> None:
    page.goto(f"{product.origin}/sign-in/")
    page.get_by_role("button", name="Open the demo portfolio").click()
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    page.goto(f"{product.origin}/preferences/")
    expect(page.get_by_text("You are signed in as demo@tickfolio.example.")).to_be_visible()


def test_the_theme_of_a_person_follows_them_into_another_browser(new_context: NewContext, product: Product) -> None:
    here = new_context(color_scheme="light").new_page()
    sign_up(here, product, "dora@example.org")
    here.goto(f"{product.origin}/preferences/")
    with here.expect_response("**/preferences/theme/"):
        here.locator("#theme-button").click()
    with here.expect_response("**/preferences/theme/"):
        here.locator("#theme-button").click()
    expect(here.locator("html")).to_have_attribute("data-theme", "dark")
    there = new_context(color_scheme="light").new_page()
    there.goto(f"{product.origin}/sign-in/?next=/preferences/")
    there.get_by_label("E-mail").fill("dora@example.org")
    there.get_by_label("Password").fill(PASSWORD)
    there.get_by_role("button", name="Sign in").click()
    expect(there.locator("html")).to_have_attribute("data-theme", "dark")


def test_all_of_it_works_without_scripts(new_context: NewContext, product: Product) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_up(page, product, "eve@example.org")
    page.goto(f"{product.origin}/preferences/")
    page.locator("#theme-button").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.goto(f"{product.origin}/password/change/")
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("a quite different one 7")
    page.get_by_label("New password, again").fill("a quite different one 7")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("status").filter(has_text="Your password is changed.")).to_be_visible()
    page.get_by_role("button", name="Sign out everywhere").click()
    page.goto(f"{product.origin}/preferences/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", ["sign-in", "sign-up", "password/reset"])
def test_pages_of_sign_in_are_accessible_and_fit_the_narrowest_screen(
    new_context: NewContext,
    product: Product,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    address: str,
    theme: str,
) -> None:
    page = new_context(color_scheme=theme, **NARROWEST).new_page()
    page.goto(f"{product.origin}/{address}/")
    assert not overflows(page)
    assert find_accessibility_problems(page) == []
    if address == "sign-up":
        page.get_by_label("E-mail").fill("alice@example.org")
        page.get_by_label("Password").fill("short")
        page.get_by_role("button", name="Create the account").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert not overflows(page)
        assert find_accessibility_problems(page) == []
    take_screenshot(page, f"{address.replace('/', '-')}-{theme}")


@pytest.mark.parametrize("width", [320, 1440])
def test_preferences_are_accessible_and_fit_every_screen(
    new_context: NewContext,
    product: Product,
    find_accessibility_problems: Callable[..., list[str]],
    take_screenshot: Callable[..., Path],
    width: int,
) -> None:
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    sign_up(page, product, f"wide{width}@example.org")
    page.goto(f"{product.origin}/preferences/")
    assert not overflows(page)
    assert find_accessibility_problems(page) == []
    take_screenshot(page, f"preferences-{width}")
    page.get_by_role("link", name="Tokens", exact=True).click()
    page.get_by_label("Name").fill("A lamp in the kitchen that glows when the market falls, and its twin")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_label("Token", exact=True)).to_have_value(re.compile(r"tkf_[\w-]{32}"))
    expect(page.locator("#connection")).to_have_attribute("data-state", "replay")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("status").filter(has_text=re.compile(r"Copied|It is selected"))).to_be_visible()
    assert not overflows(page)
    assert find_accessibility_problems(page) == []
    take_screenshot(page, f"tokens-{width}")
    page.goto(f"{product.origin}/preferences/?done=password")
    expect(page.get_by_text("1 token for programs stands as before")).to_be_visible()
    assert not overflows(page)
    page.get_by_role("link", name="Tokens", exact=True).click()
    page.get_by_role("link", name="Revoke… A lamp in the kitchen").click()
    assert not overflows(page)
    assert find_accessibility_problems(page) == []
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("You have none.")).to_be_visible()


def test_a_forgotten_password_is_reset_by_mail(
    new_context: NewContext, complaints: Complaints, start_product: Callable[..., Product]
) -> None:
    """The whole way: an address confirmed by one mail, a new password by another, over a real mail server."""
    with mail_server() as mail:
        product = start_product(
            environment={"TICKFOLIO_EMAIL_URL": mail.url, "TICKFOLIO_EMAIL_FROM": "Tickfolio <t@example.org>"}
        )
        page = new_context().new_page()
        sign_up(page, product, "frank@example.org")
        expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()
        page.goto(link_in(mail.to("frank@example.org")[0].get_content()))
        page.get_by_role("button", name="Confirm").click()
        page.goto(f"{product.origin}/preferences/")
        expect(page.get_by_text("You are signed in as frank@example.org.")).to_be_visible()

        forgetful = new_context().new_page()
        forgetful.goto(f"{product.origin}/password/reset/")
        forgetful.get_by_label("E-mail").fill("frank@example.org")
        forgetful.get_by_role("button", name="Send the link").click()
        expect(forgetful.get_by_role("heading", name="Look at your mail")).to_be_visible()
        forgetful.goto(link_in(mail.to("frank@example.org")[1].get_content()))
        for field in ("New password", "New password, again"):
            forgetful.get_by_label(field, exact=True).fill("a quite different one 7")
        forgetful.get_by_role("button", name="Set the password").click()
        expect(forgetful.get_by_role("heading", name="The password is set")).to_be_visible()

        page.reload()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_forgotten_password_is_reset_by_the_command_that_the_page_shows(page: Page, product: Product) -> None:
    sign_up(page, product, "grace@example.org")
    page.context.clear_cookies()
    page.goto(f"{product.origin}/password/reset/")
    shown = page.locator("pre.command").inner_text()
    words = shlex.split(shown.replace("you@example.org", "grace@example.org"))
    made = subprocess.run(words, env=users_environment(), capture_output=True, text=True, timeout=60, check=True)
    page.goto(link_in(made.stdout))
    for field in ("New password", "New password, again"):
        page.get_by_label(field, exact=True).fill("a quite different one 7")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("heading", name="The password is set")).to_be_visible()


def link_in(text: str) -> str:
    """The one link in a mail."""
    found = re.search(r"http://\S+", text)
    assert found is not None, text
    return found[0]
