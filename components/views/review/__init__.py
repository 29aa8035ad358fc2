"""Doubtful labels, settled one by one."""
