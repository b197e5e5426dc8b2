"""Alpaca's market data of American shares: real time from IEX with a free key, from the whole tape with a paid one."""
