"""The command line: a thin face over `services` and `shared`, one file a command."""
