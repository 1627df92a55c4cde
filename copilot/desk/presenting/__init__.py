"""Drafts in a platform's own window, as the desk sees them: what a note says, and what a press on it does.

Rows and calls are ``copilot/channel/presenting``'s.
"""
