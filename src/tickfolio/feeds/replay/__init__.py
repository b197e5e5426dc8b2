"""The replay: real days of real shares, passing at a speed of one's choice, the same for everyone who names the same seed."""
