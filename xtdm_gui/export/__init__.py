"""The export panel and its queue."""
