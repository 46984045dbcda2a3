"""`statuswire mcp`: what a running server knows, as tools of the Model Context Protocol.

Every tool asks the API of a server (version 1), so that whoever asks sees what the token lets them see and nothing
else, and changes nothing. Sources: https://modelcontextprotocol.io/specification and the official Python SDK, which is
the extra `mcp` (2.3; checked 2026-11).
"""
