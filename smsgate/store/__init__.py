"""Everything durable: tables, the one writer, read queries, migrations."""
