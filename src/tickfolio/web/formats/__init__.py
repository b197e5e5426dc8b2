"""How Django writes numbers in each language: as the program does, since tickfolio.web.notation writes what people read."""
