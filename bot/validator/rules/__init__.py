"""The rules of the validator, one idea a module. Each rule is a function from the project to its problems."""
