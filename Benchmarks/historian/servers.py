"""The servers: how each is started, where it takes samples, and how each question is put to it."""
import glob
import json
import os
import random
import shlex
import shutil
import signal
import time
import urllib.parse

import data
from process import Http, Process, disk

MEASUREMENTS = ["analog", "setpoint", "counter", "state", "switch"]


class Server:
    name, port, ping, url, kind, headers, merge = "", 0, "/health", "/write", "lp", [], 1

    def __init__(self):
        self.folder = os.path.join(data.TMP, "db", self.name)
        self.meta, self.tags = data.meta(), data.tags()
        self.base = self.meta["base_ms"]
        self.end_ms = self.base + self.meta["seconds"] * 1000 + 1000
        self.process = None

    def fresh(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)

    def environment(self):
        return None

    def start(self, prefix=()):
        self.process = Process([*prefix, *self.command()], self.folder, os.path.join(data.TMP, self.name + ".log"), self.environment())
        began = time.time()
        while True:
            try:
                Http(self.port, 5).ask(self.ping)
                break
            except Exception as error:
                if not self.process.is_alive:
                    raise SystemExit(f"{self.name} ended; see its log in {data.TMP}")
                if time.time() - began > 60:
                    raise SystemExit(f"{self.name} is not ready: {error}")
                time.sleep(0.01)
        self.start_seconds = time.time() - began
        self.http = Http(self.port)
        self.setup()

    def setup(self):
        pass

    def stop(self, kind=signal.SIGTERM):
        if self.process:
            self.process.end(kind)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def settle(self):
        """Returns when all that was acknowledged can be asked for."""

    def compact(self):
        pass

    def size(self):
        return disk(self.folder)

    def analog(self):
        return random.choice([t for t in self.tags if t[2] == "analog"])

    def hour(self):
        end = self.base + 3_600_000 + random.randrange(0, self.meta["seconds"] * 1000 - 3_600_000)
        return end - 3_600_000, end


class Prometheus(Server):
    """What VictoriaMetrics, Prometheus and Takt have in common."""

    def instant(self, query, at_ms, **more):
        return self.http.ask("/api/v1/query?" + urllib.parse.urlencode(dict(query=query, time=at_ms / 1000, **more)))

    def range(self, query, start_ms, end_ms, step, **more):
        return self.http.ask("/api/v1/query_range?" + urllib.parse.urlencode(dict(query=query, start=start_ms // 1000, end=end_ms // 1000, step=step, **more)))

    every = '{__name__=~"(analog|setpoint|counter|state|switch)_value"%s}'

    def count(self):
        result = json.loads(self.instant("sum(count_over_time(%s[4h]))" % (self.every % ""), self.end_ms + 1000))["data"]["result"]
        return int(float(result[0]["value"][1])) if result else 0

    def last(self):
        return self.instant(self.every % "", self.end_ms)

    def raw(self):
        _, end = self.hour()
        return self.instant('analog_value{tag="%s"}[1h]' % self.analog()[1], end)

    def means(self):
        query = 'avg_over_time(analog_value{unit="U%02d"}[1m])' % random.randrange(12)
        return self.range(query, self.base + 60_000, self.end_ms, 60, nocache=1)

    def rows(self, answer):
        return sum(len(one["values"]) if "values" in one else 1 for one in json.loads(answer)["data"]["result"])

    def questions(self):
        return {"last": self.last, "raw": self.raw, "means": self.means, "extremes": self.extremes}


class VictoriaMetrics(Prometheus):
    name, port = "vm", 18428

    def command(self):
        return ["victoria-metrics", "-storageDataPath=" + self.folder, "-retentionPeriod=100y", f"-httpListenAddr=127.0.0.1:{self.port}",
                "-loggerLevel=WARN", "-search.maxUniqueTimeseries=1000000", "-search.maxSamplesPerQuery=2000000000"]

    def settle(self):
        self.http.ask("/internal/force_flush")

    def compact(self):
        self.http.ask("/internal/force_merge")
        before, began = None, time.time()
        while time.time() - began < 90:
            time.sleep(2)
            now = disk(self.folder)
            active = [l for l in self.http.ask("/metrics").decode().splitlines() if l.startswith(("vm_active_force_merges", "vm_active_merges"))]
            if now == before and all(float(l.split()[-1]) == 0 for l in active):
                break
            before = now

    def extremes(self):
        return self.instant('aggr_over_time(("min_over_time","max_over_time","avg_over_time"), %s[3h])' % (self.every % ""), self.end_ms, nocache=1)


class VictoriaMetricsRemoteWrite(VictoriaMetrics):
    name, port, kind, url = "vm-rw", 18429, "rw", "/api/v1/write"
    headers = ["Content-Encoding: snappy", "Content-Type: application/x-protobuf"]


class PrometheusServer(Prometheus):
    name, port, ping, kind, url = "prometheus", 19090, "/-/ready", "rw", "/api/v1/write"
    headers = ["Content-Encoding: snappy", "Content-Type: application/x-protobuf", "X-Prometheus-Remote-Write-Version: 0.1.0"]

    def fresh(self):
        super().fresh()
        open(os.path.join(self.folder, "p.yml"), "w").write("global:\n  scrape_interval: 1h\nstorage:\n  tsdb:\n    out_of_order_time_window: 10m\n")

    def command(self):
        return ["prometheus", "--config.file=p.yml", "--storage.tsdb.path=" + self.folder + "/d", f"--web.listen-address=127.0.0.1:{self.port}",
                "--web.enable-remote-write-receiver", "--web.enable-admin-api", "--log.level=warn", "--storage.tsdb.retention.time=100y",
                "--query.max-samples=500000000"]

    def compact(self):
        self.snapshot = json.loads(self.http.ask("/api/v1/admin/tsdb/snapshot", b""))["data"]["name"]

    def size(self):
        return disk(self.folder + "/d/snapshots/" + self.snapshot)

    def means(self):
        return self.range('avg_over_time(analog_value{unit="U%02d"}[1m])' % random.randrange(12), self.base + 60_000, self.end_ms, 60)

    def extremes(self):
        return b"".join(self.instant("%s_over_time(%s[3h])" % (f, self.every % ""), self.end_ms) for f in ("min", "max", "avg"))

    def rows(self, answer):
        return answer.count(b'"metric"')


class Influx(Server):
    name, port, ping, url = "influxdb", 18086, "/ping", "/write?db=bench"
    short = False

    def fresh(self):
        super().fresh()
        d = self.folder
        open(os.path.join(d, "i.conf"), "w").write(
            f'reporting-disabled = true\nbind-address = "127.0.0.1:18088"\n[meta]\ndir = "{d}/meta"\n[data]\ndir = "{d}/data"\nwal-dir = "{d}/wal"\n'
            f'query-log-enabled = false\n[http]\nbind-address = "127.0.0.1:{self.port}"\nlog-enabled = false\n[monitor]\nstore-enabled = false\n[logging]\nlevel = "warn"\n')

    def command(self):
        return ["influxd", "run", "-config", self.folder + "/i.conf"]

    def environment(self):
        more = {"INFLUXDB_DATA_CACHE_SNAPSHOT_WRITE_COLD_DURATION": "2s", "INFLUXDB_DATA_COMPACT_FULL_WRITE_COLD_DURATION": "4s"} if self.short else {}
        return dict(os.environ, **more)

    def setup(self):
        self.http.ask("/query", "q=" + urllib.parse.quote("CREATE DATABASE bench"), headers={"Content-Type": "application/x-www-form-urlencoded"})

    def compact(self):
        self.stop()
        self.short = True
        self.start()
        before, same, began = None, 0, time.time()
        while time.time() - began < 240 and same < 6:
            time.sleep(3)
            now = sorted((f, os.path.getsize(f)) for f in glob.glob(self.folder + "/data/**/*.tsm*", recursive=True))
            same = same + 1 if now == before else 0
            before = now

    def size(self):
        return disk(self.folder + "/data")

    def ql(self, text):
        return self.http.ask("/query?db=bench&epoch=ms&q=" + urllib.parse.quote(text))

    def count(self):
        results = json.loads(self.ql("; ".join(f"SELECT count(value) FROM {m}" for m in MEASUREMENTS)))["results"]
        return sum(r["series"][0]["values"][0][1] for r in results if "series" in r)

    def questions(self):
        whole = f"time >= {self.base}ms AND time <= {self.end_ms}ms"

        def raw():
            start, end = self.hour()
            return self.ql(f"SELECT value FROM analog WHERE \"tag\"='{self.analog()[1]}' AND time > {start}ms AND time <= {end}ms")

        return {
            "last": lambda: self.ql("; ".join(f'SELECT last(value) FROM {m} WHERE time > {self.end_ms - 300000}ms GROUP BY "tag"' for m in MEASUREMENTS)),
            "raw": raw,
            "means": lambda: self.ql("SELECT mean(value) FROM analog WHERE unit='U%02d' AND %s GROUP BY time(1m),\"tag\"" % (random.randrange(12), whole)),
            "extremes": lambda: self.ql("; ".join(f'SELECT min(value),max(value),mean(value) FROM {m} WHERE {whole} GROUP BY "tag"' for m in MEASUREMENTS[:4])),
        }

    def rows(self, answer):
        return sum(len(s["values"]) for r in json.loads(answer)["results"] for s in r.get("series", []))


class ClickHouse(Server):
    name, port, ping, kind, url = "clickhouse", 18123, "/", "rb", "/?query=INSERT%20INTO%20pts%20FORMAT%20RowBinary"
    merge = 100  # 500,000 rows an insert, as its manual asks for

    def fresh(self):
        super().fresh()
        d = self.folder
        for part in ("data", "tmp", "uf", "fs"):
            os.makedirs(os.path.join(d, part))
        open(d + "/config.xml", "w").write(
            f"<yandex><logger><level>warning</level><console>1</console></logger><http_port>{self.port}</http_port><tcp_port>18124</tcp_port>"
            "<interserver_http_port>18125</interserver_http_port><listen_host>127.0.0.1</listen_host><uncompressed_cache_size>0</uncompressed_cache_size>"
            f"<mark_cache_size>268435456</mark_cache_size><path>{d}/data/</path><tmp_path>{d}/tmp/</tmp_path><user_files_path>{d}/uf/</user_files_path>"
            f"<format_schema_path>{d}/fs/</format_schema_path><users_config>users.xml</users_config><default_profile>default</default_profile>"
            "<default_database>default</default_database></yandex>")
        open(d + "/users.xml", "w").write(
            "<yandex><profiles><default><max_memory_usage>8000000000</max_memory_usage></default></profiles><users><default><password></password>"
            "<networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users><quotas><default><interval>"
            "<duration>3600</duration><queries>0</queries><errors>0</errors><result_rows>0</result_rows><read_rows>0</read_rows>"
            "<execution_time>0</execution_time></interval></default></quotas></yandex>")

    def command(self):
        return ["clickhouse-server", "--config-file=" + self.folder + "/config.xml"]

    def sql(self, text):
        return self.http.ask("/", text)

    def setup(self):
        self.sql("CREATE TABLE IF NOT EXISTS pts(tag UInt32, ts Int64, value Float64, q UInt8) ENGINE = MergeTree() PARTITION BY intDiv(ts, 86400000) ORDER BY (tag, ts)")

    def compact(self):
        self.sql("OPTIMIZE TABLE pts FINAL")

    def size(self):
        return int(self.sql("SELECT sum(bytes_on_disk) FROM system.parts WHERE table='pts' AND active"))

    def count(self):
        return int(self.sql("SELECT count() FROM pts"))

    def questions(self):
        def raw():
            start, end = self.hour()
            return self.sql(f"SELECT ts, value, q FROM pts WHERE tag={self.analog()[0]} AND ts > {start} AND ts <= {end} ORDER BY ts")

        def means():
            unit = "U%02d" % random.randrange(12)
            numbers = ",".join(t[0] for t in self.tags if t[2] == "analog" and t[3] == unit)
            return self.sql(f"SELECT tag, intDiv(ts,60000) AS m, avg(value) FROM pts WHERE tag IN ({numbers}) GROUP BY tag, m ORDER BY tag, m")

        return {
            "last": lambda: self.sql(f"SELECT tag, argMax(value, ts), max(ts) FROM pts WHERE ts > {self.end_ms - 300000} GROUP BY tag"),
            "raw": raw, "means": means, "extremes": lambda: self.sql("SELECT tag, min(value), max(value), avg(value) FROM pts GROUP BY tag"),
        }

    def rows(self, answer):
        return answer.count(b"\n")


class Takt(Prometheus):
    """TAKT is the program (default: the release build of this repository); an answer means that the samples are synced."""

    name, port, durability = "takt", 18999, "synced"

    def command(self):
        takt = os.environ.get("TAKT", os.path.join(data.HERE, "../../.build/release/takt"))
        return shlex.split(os.environ.get("HIST_CMD", "{takt} historian serve --data {dir} --port {port} --durability {durability}").format(
            takt=takt, dir=self.folder + "/d", port=self.port, durability=self.durability))

    def last(self):
        return self.http.ask("/api/v1/last")

    def extremes(self):
        return self.http.ask("/api/v1/tags")

    def compact(self):
        self.http.ask("/api/v1/compact", b"")

    def size(self):
        return disk(self.folder + "/d")

    def rows(self, answer):
        found = json.loads(answer)
        return len(found["rows"]) if "rows" in found else super().rows(answer)


class TaktWritten(Takt):
    name, port, durability = "takt-written", 18998, "written"


class TaktRemoteWrite(Takt):
    name, port, kind, url = "takt-rw", 18997, "rw", "/api/v1/write"
    headers = ["Content-Encoding: snappy", "Content-Type: application/x-protobuf"]


ALL = {c.name: c for c in (Takt, TaktWritten, TaktRemoteWrite, VictoriaMetrics, VictoriaMetricsRemoteWrite, PrometheusServer, Influx, ClickHouse)}
