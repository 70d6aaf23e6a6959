"""Evidence of a figure: files and links, whole or piece by piece over a weak line (minh chứng).

Read: proof_files (what a file is), parts (pieces), proofs (put to a return, taken off again).
"""
