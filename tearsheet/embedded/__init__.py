"""The house on one machine: Valkey and the workers under a data folder, shared by the commands that run meanwhile."""
