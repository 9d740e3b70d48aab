"""Measuring pictures against a known truth."""
