"""URL to raw page: robots, politeness, HTTP, address guard."""
