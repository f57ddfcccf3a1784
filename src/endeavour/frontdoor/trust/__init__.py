"""Why a page can be believed: how fresh it is, who told it, what it said before, and what people said of it."""
