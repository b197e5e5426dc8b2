"""An invented market, for trying things out and for tests: its prices are made from a seed and are nobody's."""
