"""How the columns of a table go together."""
