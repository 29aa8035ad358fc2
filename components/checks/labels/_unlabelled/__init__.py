"""Rows without a label: what is suggested for each, how sure that is, and which to label first."""
