"""The doors: raw request in, exact effect out."""
