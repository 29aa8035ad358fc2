"""What a delimited text is: encoding, dialect, layout; nothing is changed."""
