"""The HTML report: a page that needs nothing from elsewhere."""
