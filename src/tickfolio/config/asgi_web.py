"""The ASGI application of one process of `tickfolio web`: pages and sockets, while another process reads the feeds."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tickfolio.config.settings")
django.setup()

from tickfolio.config.role_composition import compose_web  # needs the app registry
from tickfolio.config.routing import whole_application

engine = compose_web()
application = whole_application(engine)
