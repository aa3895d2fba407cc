"""For learners: lessons, my learning, tests, certificates, asking for help."""
