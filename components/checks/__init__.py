"""Judgements: one file, one check; the only room with sklearn, cleanlab and pyod.

``checks/<concern>/<check>.py`` is found by :mod:`components.checks.registry`; nothing else needs to
be told about a new one.
"""
