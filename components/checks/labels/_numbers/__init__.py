"""Numbers in the label that the other rows contradict: models, spread, faults with names, words."""
