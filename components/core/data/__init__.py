"""What a table is: columns, versions, where it came from, and what may be asked of it."""
