"""The query language of people: text -> tree and back. It knows no store and cuts no words."""
