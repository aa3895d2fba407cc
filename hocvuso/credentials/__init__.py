"""Recognition: achievements, credentials, the issuer's keys, suspension and revocation.

Owns the words *achievement*, *credential*, *issuer*. Signing is small and at issue; rendering is late and on demand.
"""
