"""For those who keep the house: units and roles, certificates, clients, the journal, lists that come in."""
