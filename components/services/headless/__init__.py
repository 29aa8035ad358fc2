"""What only the command line asks for."""
