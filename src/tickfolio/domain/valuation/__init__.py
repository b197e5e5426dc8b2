"""POSITIONS, CASH, QUOTES and RATES → ROWS and TOTALS: what a portfolio is worth in its base currency."""
