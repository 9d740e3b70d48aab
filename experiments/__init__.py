"""Experiments that rerun with one command: docs/experiments.md tells what they found."""
