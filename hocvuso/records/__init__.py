"""Records: what learners did, as statements that are appended and never changed.

Owns the words *statement*, *fact*, *void*. A tap on our page, an offline batch and an outside system all end in
`services.append`, where the rules of recording stand: a guardian's consent, sizes, the server's time, once by id.
What is concluded from statements is not kept here: rooms above register a projection (`projections`).
"""
