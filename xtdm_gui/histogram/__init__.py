"""The histogram panel."""
