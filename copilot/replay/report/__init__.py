"""The report of a replay: one HTML page for people, one JUnit file for machines.

Owns what a reader sees of the totals; it reads no archive and writes no file.
"""

from copilot.replay.report.junit import junit
from copilot.replay.report.page import render

__all__ = ["junit", "render"]
