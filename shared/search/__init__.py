"""Search: what is asked of a store in a user's words, and what it answers."""
