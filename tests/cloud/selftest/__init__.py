"""Tests of the local cloud itself. From the root of the repository:

    .local/venv/bin/python -m unittest discover -t tests/cloud -s tests/cloud/selftest
"""
