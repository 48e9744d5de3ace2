"""How well searches find a record that somebody knows."""
