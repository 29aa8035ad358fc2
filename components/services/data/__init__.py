"""The datasets of a workspace: look at them, say what their columns mean."""
