"""Drafts in a platform's own window: who is told that one moved, the notes that show it, and what is pressed there.

What a note says and what a press does is decided at the desk (``copilot/desk/presenting``).
"""
