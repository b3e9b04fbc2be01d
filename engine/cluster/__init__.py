"""Scoring on several machines, with Ray Data (extra `cluster`)."""
