"""A page's source on its way to a tree: decoding, nesting, and how places in the tree are named."""
