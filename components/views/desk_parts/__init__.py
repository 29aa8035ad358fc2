"""What the fast card asks the server beside cards and keys, as JSON."""
