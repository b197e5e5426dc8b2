"""What a portfolio earned, as rates: values and flows in, returns and risk out."""
