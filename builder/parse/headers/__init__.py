"""Headers of weight files: what a file of weights says about its tensors, read without the weights.

Every reader is a pure function from bytes to a `TensorTable`, or to `NeedBytes` when more of the file
has to be fetched first. The bytes come from strangers: whatever they are, a reader gives one of the two
or raises `HeaderUnreadable`; it allocates nothing that a length in the file asks for before that length
is checked, and nothing in a file is ever executed or imported.
"""
