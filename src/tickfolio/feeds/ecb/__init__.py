"""The European Central Bank's euro reference rates: their whole history, shipped with the product."""
