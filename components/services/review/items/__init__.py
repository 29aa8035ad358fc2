"""What items are that people decide about: cells, whole rows, rows that repeat one."""
