"""The command line: one file per command or command group; heavy imports stand inside the commands."""
