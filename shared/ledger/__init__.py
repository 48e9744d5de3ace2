"""The ledger: what became of every URL submitted, in Redis, one Lua script a transition."""
