"""Frankfurter: the European Central Bank's rates from another host, as a second source."""
