"""For learners: lessons, my learning, reviews, tests, certificates."""
