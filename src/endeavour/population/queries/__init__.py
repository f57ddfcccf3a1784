"""Every read behind the population pages: areas, needs, inequality, series, sources."""
