"""The composition root: settings → feeds, engine and bus; and the processes that run them."""
