"""Django's backend for PostgreSQL, whose pool keeps nobody waiting for a server that is known to be out of reach."""
