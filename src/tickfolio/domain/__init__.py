"""Pure: values in, values out. No Django, no input or output, no clock, no logging."""
