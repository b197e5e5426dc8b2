"""The Django app that holds the commands."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Registered as ``console``; before Django's own commands, so that ours win."""

    name = "tickfolio.console"
    label = "console"
