"""Coinbase Advanced Trade: crypto, without a key."""
