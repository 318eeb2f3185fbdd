"""The validator: everything that `python -m bot check` proves about texts, data and code, one rule a function."""
