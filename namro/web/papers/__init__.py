"""Which official papers were issued, resting on what: frozen numbers, definitions."""
