"""Server-rendered SVG charts, each with its sentence, its table and its CSV."""
