"""The golden conversations drafted by whoever words replies: the page to read aloud, and models on the rubric."""
