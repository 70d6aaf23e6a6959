"""A plan against its superior's, as an official paper with its table (đối chiếu cấp trên).

In: a comparison of the plans' room with what people ruled; out: .docx or .pdf. `paper.py` makes the
`Report`, `views.py` hands it out. Nothing is kept: the paper is a draft to be signed by hand.
"""
