"""The scenario format: a small portfolio with questions and the answers that somebody else gives."""
