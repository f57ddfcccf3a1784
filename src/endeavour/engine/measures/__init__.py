"""The catalogue of measures: a definition in YAML becomes one SQL statement, and its figures."""
