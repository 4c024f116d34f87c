"""The organisation: who is who, who is reached, who may, who stands above."""
