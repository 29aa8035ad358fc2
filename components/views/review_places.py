"""Parts of the address by which other pages lead to a place of the review."""

PANEL = "panel"
PEOPLE = "people"
"""The value of it that opens who is asked, and what is drawn at random."""
