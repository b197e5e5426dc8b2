"""Yahoo Finance: prices as they are made, the latest ones, histories and a search, without a key and without a promise."""
