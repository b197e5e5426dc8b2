"""How a figure comes about: a tree from the figure down to the facts that it rests on."""
