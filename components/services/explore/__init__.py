"""Looking around in a table: rows, slices, associations, maps."""
