"""Common Endeavour: one platform on which an integrated care partnership runs its strategy."""

__version__ = "0.1.0"
