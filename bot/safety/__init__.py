"""The safety screen: finds mentions of crisis, emergency and distress by fixed patterns, without Rasa or a network."""
