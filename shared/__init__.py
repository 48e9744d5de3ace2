"""What the services have in common: records, ledger, queues, stores, settings, logging."""
