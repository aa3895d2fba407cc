"""Administrative documents in the form of Decree 30/2020/NĐ-CP: letterheads, numbering books, drafting, issuing, Word.

Owns the words *official document*, *letterhead*, *numbering book*. Not here: what a document says. Each room above
registers in its own `composers.py` how its nouns become one (`composers.register`).
"""
