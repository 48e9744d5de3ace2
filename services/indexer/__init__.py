"""Records to store: batching, item errors, circuit."""
