"""The address that the server listens on, and the path that a proxy shows: checked before work."""

import errno
import os
import socket
from urllib.parse import urlsplit

from geodata.errors import InputError


def check_address(host: str, port: int) -> None:
    """Check that the server can listen on this address, before any other work."""
    try:
        (family, *_, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except socket.gaierror:
        raise InputError(
            "host-unknown",
            f"There is no address {host} to listen on. Give one of this machine with --host, or "
            "0.0.0.0 for all of them.",
            indonesian=f"Tidak ada alamat {host} untuk menerima permintaan. Berikan alamat mesin "
            "ini dengan --host, atau 0.0.0.0 untuk semua alamatnya.",
        ) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise InputError(
                "port-taken",
                f"Another program listens on port {port} already. Choose another with --port.",
                indonesian=f"Program lain sudah memakai port {port}. Pilih port lain dengan "
                "--port.",
            ) from None
        raise InputError(
            "port-refused",
            f"This user cannot listen on {host}, port {port}: the system says: "
            f"{os.strerror(error.errno or 0)}. Choose another with --host and --port.",
            indonesian=f"Pengguna ini tidak dapat memakai {host}, port {port}: sistem menjawab: "
            f"{os.strerror(error.errno or 0)}. Pilih yang lain dengan --host dan --port.",
        ) from None


def check_path(root_path: str, public_url: str | None) -> None:
    """Refuse a --root-path that differs from the path of MIKROZONASI_PUBLIC_URL."""
    path = urlsplit(public_url or "").path
    if root_path and public_url is not None and root_path != path:
        raise InputError(
            "two-paths",
            f"--root-path says {root_path}, and MIKROZONASI_PUBLIC_URL says {path or '/'}. "
            "Leave --root-path out, or say the same path in both.",
            indonesian=f"--root-path menyebut {root_path}, sedangkan MIKROZONASI_PUBLIC_URL "
            f"menyebut {path or '/'}. Hapus --root-path, atau tulis jalur yang sama pada "
            "keduanya.",
        )
