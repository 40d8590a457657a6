"""Runs ministack inside this process, on a socket that is already bound."""
import asyncio
import os
import socket

ACCOUNT = "123456789012"


def signature(service, region):
    """An Authorization header that names account, region and service.

    ministack reads those three from it and checks nothing else.
    """
    return (f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20000101/{region}/{service}/aws4_request, "
            "SignedHeaders=host, Signature=0")


def serve(port, region, workdir, ready, log):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    port = listener.getsockname()[1]
    set_environment(port, region, workdir)
    # ministack prints its own start-up; standard output is for `listening`.
    protocol = os.dup(1)
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)

    # Only now: ministack reads its settings while it is imported.
    from hypercorn.asyncio import serve as hypercorn_serve
    from hypercorn.config import Config
    from ministack import app as ministack_app

    from . import patches

    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"

    async def run():
        server = asyncio.create_task(
            hypercorn_serve(patches.install(ministack_app.app, port), config,
                            # Without one it takes SIGTERM for itself.
                            shutdown_trigger=asyncio.Event().wait))
        await answers(port, server)
        os.dup2(protocol, 1)
        ready(port)
        os.dup2(log.fileno(), 1)
        await server

    asyncio.run(run())


def set_environment(port, region, workdir):
    """ministack's settings, in an environment with nothing of the user's in it.

    The functions inherit it, so no profile, no credentials and no endpoint of
    the person who runs the tests may be in it.
    """
    keep = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH")
            if name in os.environ}
    os.environ.clear()
    os.environ.update(
        keep,
        HOME=str(workdir),
        TMPDIR=str(workdir),
        STATE_DIR=str(workdir / "state"),
        S3_DATA_DIR=str(workdir / "s3"),
        BIND_HOST="127.0.0.1",
        GATEWAY_PORT=str(port),
        MINISTACK_HOST="127.0.0.1",
        MINISTACK_ACCOUNT_ID=ACCOUNT,
        MINISTACK_REGION=region,
        AWS_ACCESS_KEY_ID=ACCOUNT,
        AWS_SECRET_ACCESS_KEY="local",
        AWS_DEFAULT_REGION=region,
        AWS_EC2_METADATA_DISABLED="true",
        PERSIST_STATE="0",
        S3_PERSIST="0",
        IOT_MTLS_ENABLED="0",  # would listen on every interface
        SFTP_ENABLED="0",
        LAMBDA_EXECUTOR="local",
        # The default sweeps other people's containers away at start.
        DOCKER_HOST=f"unix://{workdir}/no-docker",
        LOG_LEVEL="INFO",
    )
    os.chdir(workdir)


async def answers(port, server):
    """Waits until ministack answers; raises when it ends instead."""
    for _ in range(600):
        if server.done():
            server.result()
            raise RuntimeError("ministack ended while it was starting")
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /_ministack/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                         b"Connection: close\r\n\r\n")
            status = await reader.readline()
            writer.close()
            if b" 200" in status:
                return
        except OSError:
            pass
        await asyncio.sleep(0.05)
    raise RuntimeError("ministack did not get ready within 30 s")
