"""Several people work on one queue."""
