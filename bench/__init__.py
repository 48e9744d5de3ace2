"""What is claimed, measured: one command a claim (docs/benchmarks.md)."""
