"""Conversations, turns and cases: what is kept, so that a person of the helpline can pick a chat up."""
