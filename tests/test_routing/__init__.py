"""The organisation: loading, who is reached, who may."""
