"""What is due: dispatch by host, reconciler."""
