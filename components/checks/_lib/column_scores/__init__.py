"""How well one column alone predicts the label: one measure for classes, one for numbers."""
