"""Commands for operators: `tickfolio NAME`."""
