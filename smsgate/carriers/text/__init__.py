"""What is in a short message: alphabets, user data headers, parts of a long text.

Reading never fails: what can't be read as what it says it is, is shown with U+FFFD in its place or as hexadecimal
digits, and the caller still has the octets.
"""
