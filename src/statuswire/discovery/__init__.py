"""`statuswire discover`: which status pages a project depends on, by what its files name.

`readers` take the text of one kind of file and return what is named there (`seen.Seen`), without an opinion; `tables`
hold which vendor a name means, as files of data beside this one; `matching` puts both together into proposals.
"""
