"""TRANSACTIONS → LOTS, POSITIONS, CASH: what an account holds, from what was booked in it."""
