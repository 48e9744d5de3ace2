"""Health and metrics; later the API and the search page."""
