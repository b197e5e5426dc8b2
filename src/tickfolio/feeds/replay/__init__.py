"""The replay: real days of real shares, passing at a speed of one's choice; the same for each who names the same seed."""
