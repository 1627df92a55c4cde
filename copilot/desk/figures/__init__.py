"""Acceptance as it can be told honestly: by issue and by shop, for those above the agents; never by person.

Counted are drafts that were on screen before anybody had begun to write. Owns what became of each, how it is added up,
and the weekly sample that is read without knowing whose it is.
"""
