"""Whether a hundred hosts are asked as often as they may be, and no oftener."""
