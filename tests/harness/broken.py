class Broken(Exception):
    """What was seen and what the contract says differ."""
