"""Files of columns: Parquet in and out."""
