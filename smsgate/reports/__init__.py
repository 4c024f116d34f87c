"""Reports for people: read from the log, kept by the day, put into words, sheets and files.

What the numbers are is service/reports; the pages, the API, the command line and the daily letter take theirs from
here, so that all show the same.
"""

from smsgate.reports.counting import Listed, Reports

__all__ = ["Listed", "Reports"]
