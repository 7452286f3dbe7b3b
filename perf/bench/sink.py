"""An RTMP server that takes whatever it gets and keeps nothing."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

from . import server

MODULE = pathlib.Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
CONFIGURATION = """
load_module {module};
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
rtmp {{ server {{ listen 127.0.0.1:{port}; application live {{ live on; record off; }} }} }}
"""


@contextlib.contextmanager
def rtmp():
    """The URL of a stream; None without nginx and its RTMP module."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None or not MODULE.exists():
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        port = server.free_port(socket.SOCK_STREAM)
        file = pathlib.Path(folder) / "nginx.conf"
        file.write_text(CONFIGURATION.format(module=MODULE, folder=folder, port=port))
        process = subprocess.Popen([nginx, "-p", folder, "-c", str(file)], stderr=subprocess.DEVNULL)
        try:
            server.wait_for(f"127.0.0.1:{port}", process)
            yield f"rtmp://127.0.0.1:{port}/live/program"
        finally:
            process.terminate()
            process.wait(timeout=10)
