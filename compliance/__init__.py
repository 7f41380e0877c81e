"""Pure maths on counts: rates and their intervals."""
