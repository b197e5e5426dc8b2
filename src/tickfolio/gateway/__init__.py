"""The Channels consumer: bytes ↔ live sessions; who may connect from where."""
