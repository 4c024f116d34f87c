"""An account's link against a gateway whose every PDU the test sees and says."""
