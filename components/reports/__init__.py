"""Documents: one model, several writers."""
