"""Checks before the server starts: its address, and the path under which a proxy shows it."""

import errno
import os
import socket
from urllib.parse import urlsplit

from geodata.errors import InputError


def check_address(host: str, port: int) -> None:
    """Check that the server can listen on an address.

    Raises
    ------
    InputError
        ``host-unknown``, ``port-taken`` or ``port-refused``.
    """
    try:
        (family, *_, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except socket.gaierror:
        raise InputError(
            "host-unknown",
            f"There is no address {host} to listen on. Give an address of this machine with "
            "--host, or 0.0.0.0 for all its addresses.",
            indonesian=f"Tidak ada alamat {host} untuk menerima permintaan. Berikan alamat mesin "
            "ini dengan --host, atau 0.0.0.0 untuk semua alamatnya.",
        ) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise InputError(
                "port-taken",
                f"Another program already listens on port {port}. Choose another port with --port.",
                indonesian=f"Program lain sudah memakai port {port}. Pilih port lain dengan "
                "--port.",
            ) from None
        raise InputError(
            "port-refused",
            f"This user cannot listen on {host}, port {port}. The system says: "
            f"{os.strerror(error.errno or 0)}. Choose another address with --host and --port.",
            indonesian=f"Pengguna ini tidak dapat memakai {host}, port {port}. Sistem menjawab: "
            f"{os.strerror(error.errno or 0)}. Pilih alamat lain dengan --host dan --port.",
        ) from None


def check_path(root_path: str, public_url: str | None) -> None:
    """Check that --root-path is the path of MIKROZONASI_PUBLIC_URL, if both are given.

    Raises
    ------
    InputError
        ``two-paths`` if the paths differ.
    """
    path = urlsplit(public_url or "").path
    if root_path and public_url is not None and root_path != path:
        raise InputError(
            "two-paths",
            f"--root-path is {root_path}, but the path of MIKROZONASI_PUBLIC_URL is "
            f"{path or '/'}. Leave --root-path out, or give the same path in both.",
            indonesian=f"--root-path menyebut {root_path}, sedangkan MIKROZONASI_PUBLIC_URL "
            f"menyebut {path or '/'}. Hapus --root-path, atau tulis jalur yang sama pada "
            "keduanya.",
        )
