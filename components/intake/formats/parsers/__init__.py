"""Parsers of JSON, Arrow and workbooks, each in a process of its own."""
