"""The live demonstration: two emulated shops whose shoppers write by a script, and the real desk beside them."""
