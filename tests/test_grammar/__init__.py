"""The command language."""
