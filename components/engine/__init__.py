"""Where queries run; the only room that imports a query engine."""
