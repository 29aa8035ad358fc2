"""The names of people, and what belongs to whom."""
