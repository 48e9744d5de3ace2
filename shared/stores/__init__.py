"""The search stores."""
