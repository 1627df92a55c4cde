"""The routes, one file per subject; docs/api.md is what they promise."""
