"""Tags of the population pages."""
