"""The web page: HTML made on the server, one router a page."""
