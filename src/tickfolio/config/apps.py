"""The Django app that connects what is received above to what is sent below."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Connects the signals of sign-in, since neither those who send them nor those who receive them know one another."""

    name = "tickfolio.config"
    label = "config"

    def ready(self) -> None:
        from tickfolio.services.sessions import connect

        connect()
