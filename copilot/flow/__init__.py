"""From a buyer's turn to a draft that waits for a person: graph.py is the table of contents."""
