"""How fast one fetcher is, beside what else could do its work."""
