"""Compiled code on plain arrays: no pandas, no files, no exceptions.

Kernels of one module may call those of another: compiled code counts as stale when any of them
has changed; see ``compiling``.
"""
