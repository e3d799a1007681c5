"""Compiled code on plain arrays: no pandas, no files, no exceptions.

A kernel may call a kernel of another module. All compiled code is stale when any module of this
folder changes; see ``compiling``.
"""
