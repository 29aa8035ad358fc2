"""Look around: columns, associations, rows, map, gaps, groups."""
