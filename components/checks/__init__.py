"""Judgements: one file, one check; the only room with sklearn, cleanlab and pyod.

``checks/<concern>/__init__.py`` declares what a concern is (a ``Concern`` called ``CONCERN``),
``checks/<concern>/<check>.py`` holds one check. :mod:`components.checks.registry` finds both;
nothing else needs to be told about a new one.
"""
