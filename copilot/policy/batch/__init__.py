"""Judging many texts at once: fold a whole batch, find what could concern a rule in one pass, judge only that.

Owns triggers and the passes over joined texts. What a trigger wakes is judged by the same code that judges one text, so
that a batch can never come to another verdict.
"""
