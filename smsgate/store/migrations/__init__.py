"""The database's shape over time: alembic, configured in code (smsgate/store/opening.py)."""
