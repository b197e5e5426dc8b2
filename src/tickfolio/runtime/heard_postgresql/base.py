"""The module by whose name Django finds what opens the connections."""

from tickfolio.runtime.heard_postgresql.connections import DatabaseWrapper

__all__ = ["DatabaseWrapper"]
