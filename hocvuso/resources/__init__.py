"""What institutions give and need: pledges, needs, and the parts of pledges allocated to needs.

Owns the words *pledge*, *need*, *allocation*. Not here: residents' requests (helpdesk).
"""
