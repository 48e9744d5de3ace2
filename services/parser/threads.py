"""A thread's shape: which comment answers which, beyond those that stand inside one another."""

from services.parser.comment_item import Item
from services.parser.reply_references import nest_by_mention, nest_by_reference
from services.parser.thread_branches import nest_by_branch
from services.parser.thread_levels import nest_by_level
from services.parser.visible_text import VisiblePage


def link_replies(page: VisiblePage, items: list[Item]) -> None:
    """Sets the parents that blocks inside one another do not show. What the page's structure says comes first; a parent
    that a comment names by id is surer than any; '@name' counts only where nothing else makes a thread of a page."""
    if len(items) < 2:
        return
    nested = any(i.parent is not None for i in items)
    nested = nest_by_branch(items) or nested
    nested = nested or nest_by_level(page, items)
    nest_by_reference(page, items)
    if not nested:
        nest_by_mention(page, items)
