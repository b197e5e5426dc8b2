"""The Django app of users."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Registered as ``identity``."""

    name = "tickfolio.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"
