"""The window that people work in. The only part of Concord that knows Qt."""
