"""Networks and LibRaw measured and compared."""
