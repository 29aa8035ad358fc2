"""Labels judged by the probabilities that a person's own model predicted, columns of the table."""
