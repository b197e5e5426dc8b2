"""The live protocol: message types, their encoding, and the reference client."""
