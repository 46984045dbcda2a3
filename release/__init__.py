"""What a release is made and judged by: see docs/how-to/release.md."""
