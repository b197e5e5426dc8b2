"""Files of transactions, read and written: bytes in, entries with their troubles out. No database, no clock, no network."""
