"""Douyin Shop for reply-copilot: the adapter (``adapter.py``) and an emulator of what it talks to."""
