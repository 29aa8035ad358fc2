"""The databases that a workspace can be kept in, and what only each of them does."""
