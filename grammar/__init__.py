"""The command language of engineers' SMS: text in, a `Command` or a `Diagnosis` out."""
