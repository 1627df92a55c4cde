"""Flow replay: every buyer turn of an archive drafted as it stood then, and what other playbooks would have offered.

Owns the cutting of conversations into turns, drafting and comparing them, and the sums of it; the reading of archives
and the report stand beside it.
"""
