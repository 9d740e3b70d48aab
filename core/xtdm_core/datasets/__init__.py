"""Training material: photographs and synthetic pictures, and training batches made from them."""
