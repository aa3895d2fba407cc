"""For everybody: home, programmes, frameworks, checking of certificates, open data, health."""
