"""No vendor: prices are typed by hand."""
