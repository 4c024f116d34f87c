"""Measurements that end as one table: `make bench`."""
