"""Files in the window: opened, saved, taken in, handed out, shared and recovered."""
