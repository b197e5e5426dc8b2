"""Finnhub: trades of American shares and funds, with a key."""
