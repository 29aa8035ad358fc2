"""What the product can do; the app and the command line call exactly this."""
