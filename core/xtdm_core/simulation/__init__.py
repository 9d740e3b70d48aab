"""A camera in software: scenes with known truth as the raw files that Fujifilm's bodies would make of them."""
