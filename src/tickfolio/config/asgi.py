"""The ASGI application: pages, sockets, and the engine that lives as long as the server does."""

from __future__ import annotations

import os

import django
from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tickfolio.config.settings")
django.setup()

from tickfolio.config.composition import compose_embedded  # needs the app registry
from tickfolio.config.routing import ATTACHMENTS, IMPORTS, socket_application
from tickfolio.runtime.body_limit import BodyLimit
from tickfolio.runtime.lifespan import Lifespan

embedded = compose_embedded()
application = ProtocolTypeRouter(
    {
        "http": BodyLimit(get_asgi_application(), larger=[IMPORTS, ATTACHMENTS]),  # type: ignore[arg-type]  # Django types messages as read-only
        "websocket": socket_application(embedded.hub_now),
        "lifespan": Lifespan(embedded),
    }
)
