"""`statuswire demo`: simulated providers play a scripted outage while the real service watches them, on loopback.

`world` is what the providers' pages say, `statuspage`, `incidentio` and `plain_feeds` say it in their formats, `stage`
serves them, `script` is what happens, `playing` lets it happen, `performance` does all of it around the service.
"""
