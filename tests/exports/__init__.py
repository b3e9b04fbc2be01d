"""What frameworks themselves answer, recorded by scripts that need them; the tests do not."""
