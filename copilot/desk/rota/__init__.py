"""Who is on duty when: the rota of a shop with what it leaves uncovered, and who is missing from it.

A platform's peak hours and how long somebody may be missing come from the profile, unless the shop has its own.
"""
