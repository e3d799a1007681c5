"""Compiled code on plain arrays: no pandas, no files, no exceptions.

Kernels that call each other share a module: a callee edited elsewhere would leave the caller's
cached machine code stale.
"""
