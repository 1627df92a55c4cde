"""Who may enter and what they may do: merchants, people, sessions, tokens, audit, and the sealed secrets of shops.

It decides and records; it speaks no HTTP, and what a shop's settings mean is the adapter's business.
"""
