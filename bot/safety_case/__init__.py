"""The safety case: the hazards of this product, what is done about each, and whether the tests of that have passed."""
