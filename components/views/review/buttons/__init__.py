"""The review with buttons: the mode that needs no script."""
