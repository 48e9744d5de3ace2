"""The whole pipeline beside a Scrapy baseline, on one local site of real pages."""
