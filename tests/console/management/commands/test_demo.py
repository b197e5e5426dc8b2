import pytest
from django.core.management import call_command
from pytest_django import Settings

from tickfolio.errors import StartupRefused
from tickfolio.services.people import demo_owner

pytestmark = pytest.mark.django_db


def test_demo_is_made_once_and_anew_when_asked_for(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.TICKFOLIO_MODE = "demo"
    call_command("demo")
    assert "transactions in two portfolios" in capsys.readouterr().out
    owner = demo_owner()
    call_command("demo")
    assert "has its owner already" in capsys.readouterr().out
    call_command("demo", again=True)
    assert "transactions in two portfolios" in capsys.readouterr().out
    assert demo_owner() == owner is not None


def test_other_instances_have_none(settings: Settings) -> None:
    settings.TICKFOLIO_MODE = "production"
    with pytest.raises(StartupRefused, match="Expected a demo"):
        call_command("demo")
