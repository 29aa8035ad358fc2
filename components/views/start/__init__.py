"""Upload a table, confirm what it means, see the verdict."""
