"""What people see and do at the desk: lists, threads, cards, and their own texts judged like any other.

It reads the store and decides nothing about a draft; every move of one goes through ``flow`` and ``channel``.
"""
