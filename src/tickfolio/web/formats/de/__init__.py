"""German: numbers in attributes and fields stay as the program writes them."""
