"""The checks of approved text, one idea a module. Each check is a function from the material to its problems."""
