"""Shoplet for reply-copilot."""
