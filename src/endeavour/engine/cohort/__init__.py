"""Which households to work with first: features, the rule, the proven choice, its audit and its effect."""
