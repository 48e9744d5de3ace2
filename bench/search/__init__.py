"""How fast searches are in a store of a million records, and what the API and the pages add."""
