"""Packages SAM templates and creates their stacks in ministack."""
