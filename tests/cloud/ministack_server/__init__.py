"""ministack, which stands in for every AWS service but RDS, on loopback only."""
