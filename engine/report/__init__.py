"""The same facts for machines and for people."""
