"""Other systems' Excel templates, mapped once and filled from then on (trao đổi bằng tệp).

In: a template, a mapping made by picking cells. Out: the template filled with the figures as of a
moment, recorded, so that nobody types twice. Read models, actions, gathering (the figures), making
(the file), views.
"""
