"""The Matrix adapter of reply-copilot: an application service between a shop's rooms and the core."""
