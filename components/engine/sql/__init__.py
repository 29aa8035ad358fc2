"""SQL as trees: names, literals, conditions, aggregates, casts, samples."""
