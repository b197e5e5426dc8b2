"""What a template writes of a number without asking for a notation: data for scripts, values of fields."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ""
NUMBER_GROUPING = 0
