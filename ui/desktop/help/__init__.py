"""How people find their way: search, keys, help and the first steps."""
