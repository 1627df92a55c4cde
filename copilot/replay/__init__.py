"""Replay: judges whole archives, compares two versions of the rules, and writes what a report is made of.

Owns reading archives, the run over all cores, its outputs and their merging. It judges nothing itself: policy does.
"""
