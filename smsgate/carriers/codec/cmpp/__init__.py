"""What both versions of CMPP share: the header, the PDUs that did not change, digests, ids, the report inside."""
