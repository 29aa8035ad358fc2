"""Facts about a table, without judgement."""
