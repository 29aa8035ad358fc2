"""Bytes to typed Parquet with row ids: sniffing, reading, types, roles."""
