"""The Django app that connects what is received above to what is sent below."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Connects the signals of sign-in, and what is said to people with what translates it: neither side knows the other."""

    name = "tickfolio.config"
    label = "config"

    def ready(self) -> None:
        from django.utils.translation import gettext, ngettext

        from tickfolio.services.sessions import connect
        from tickfolio.words import speak_by

        connect()
        speak_by(gettext, ngettext)
