"""What is kept: the database (the only room that imports SQLAlchemy) and the files."""
