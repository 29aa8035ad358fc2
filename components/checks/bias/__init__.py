"""Who is in the table, and what the label says of them."""
