"""The tests, a package so that two rooms may each have a `test_properties.py`."""
