"""MARKET DATA IN: one folder a vendor, each a sans-I/O codec or model with a thin shell around it."""
