"""Settings, routes and the ASGI application: where everything is put together."""
