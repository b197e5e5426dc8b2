"""What templates say beyond Django’s own words."""
