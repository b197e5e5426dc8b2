"""The shipped list of instruments: what a symbol, an ISIN or a name may mean, without asking anybody."""
