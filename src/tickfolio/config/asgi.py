"""The ASGI application: pages, sockets, and the engine that lives as long as the server does."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tickfolio.config.settings")
django.setup()

from tickfolio.config.composition import compose_embedded  # needs the app registry
from tickfolio.config.routing import whole_application

embedded = compose_embedded()
application = whole_application(embedded)
