"""From a raw file to a frame, and what is put right in a frame before anything else."""
