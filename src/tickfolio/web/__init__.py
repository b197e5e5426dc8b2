"""PAGES: views, templates and the built frontend. Asks services for data; never persistence or the live engine."""
