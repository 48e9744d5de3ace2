"""Pages from WARC files of others: found, put in order, and delivered to the parser."""
