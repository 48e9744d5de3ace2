"""Raw page to records: decoding, visible text, segments, labels, records."""
