"""The frame of every drawing of ours: Python hands data to JavaScript, which draws SVG in the reader's theme."""
