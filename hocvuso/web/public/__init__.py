"""For everybody: home, programmes, search, frameworks, checking of certificates, health."""
