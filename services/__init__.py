"""The services: each imports `shared`, never another service."""
