"""Chatwoot for reply-copilot."""
