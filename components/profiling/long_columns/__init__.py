"""Columns of tables that are too long for memory: asked of the engine, or read in blocks."""
