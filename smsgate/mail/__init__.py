"""The door for e-mail: what arrives by SMTP becomes an MO, a receipt, or a ticket."""
