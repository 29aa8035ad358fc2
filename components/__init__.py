"""Preflight: is this data ready to train on?

Rooms, from the bottom up: ``core`` (vocabulary), ``engine`` (queries), ``charts``, ``intake``,
``store`` and ``profiling`` (figures, reading, keeping, facts), ``checks`` (judgements), ``jobs``
and ``reports`` (processes, documents), ``services`` (what the product can do), and on top the three
faces ``views``, ``cli`` and ``worker``. ``components/README.md`` is the map.
"""
