"""The regulation as its pages show it: words and shapes, nothing read or written."""
