"""Any bytes, and mutations of pages, end as records: a fuzzer led by coverage, and what it and the tests share."""
