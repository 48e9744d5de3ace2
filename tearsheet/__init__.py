"""The command line: a thin face over `services` and `shared`, one file a command."""

__version__ = "0.1.0"
"""As in pyproject.toml; here too, since an image holds the code and no installed package."""
