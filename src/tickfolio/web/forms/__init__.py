"""What people type, checked and read: one module a subject, and one for numbers and one for moments."""
