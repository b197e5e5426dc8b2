"""The Django app that owns the tables."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class PersistenceConfig(AppConfig):
    """Registered as ``persistence``."""

    name = "tickfolio.persistence"
    label = "persistence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tickfolio.persistence.exact_arithmetic import refuse_arithmetic
        from tickfolio.persistence.exact_decimal import register_collation

        refuse_arithmetic()
        connection_created.connect(register_collation, dispatch_uid="tickfolio.decimal_order")
