"""Measures of how two columns go together, and the columns made ready for them."""
