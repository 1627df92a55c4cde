"""Whose conversation is whose: rules (``rules``, ``lists``), rows (``moves``, ``drain``, ``reception``), who may act.

Where the platform gives conversations out itself, nothing here decides.
"""
