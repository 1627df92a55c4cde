"""The vocabulary: frozen shapes that every part of the product speaks in. No I/O, no other part imported."""
