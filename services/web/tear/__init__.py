"""The tear view: a page as it was archived, its parts marked (docs/tear-view.md)."""
