"""Stores that run within the asking process: DuckDB and chDB (the newest ClickHouse) from PyPI, SQLite from Python itself.

They are asked the same questions as the servers, without HTTP and without JSON: their figures hold the making of Python or numpy results instead.
Loaded in one piece, sorted by tag and instant, which is the order in which they answer quickest.
"""
import os
import random
import shutil
import time

import data
import servers


class OwnProcess:
    """Stands for a server's process where the store lives in this one."""

    class meter:
        @staticmethod
        def cpu():
            return time.process_time()


class Embedded(servers.Server):
    """A store in this process. It takes the data set by `load`, not by requests."""

    process = OwnProcess()

    def __init__(self):
        super().__init__()
        self.process = OwnProcess()

    def columns(self, limit):
        """The first bodies' samples sorted by tag and instant, one for each: tag, ms, value, quality."""
        import numpy as np

        index, records = data.layout(np)
        last = index[min(limit, len(index)) - 1]
        taken = records[: int(last["rec"]) + int(last["n"])]
        order = np.lexsort((taken["ts"], taken["tag"]))
        tag, ts = taken["tag"][order].astype("i4"), np.ascontiguousarray(taken["ts"][order])
        # Of two samples of one instant the later written stays.
        kept = np.append((tag[1:] != tag[:-1]) | (ts[1:] != ts[:-1]), True)
        return tag[kept], ts[kept], taken["v"][order][kept].copy(), taken["q"][order][kept].copy()

    def stop(self, kind=None):
        pass

    def rows(self, answer):
        return len(answer)

    def unit(self):
        name = "U%02d" % random.randrange(12)
        return ",".join(t[0] for t in self.tags if t[2] == "analog" and t[3] == name)

    def raw_hour(self):
        start, end = self.hour()
        return f"SELECT ts, value, q FROM pts WHERE tag = {self.analog()[0]} AND ts > {start} AND ts <= {end} ORDER BY ts"


class DuckDB(Embedded):
    name = "duckdb"

    def load(self, limit):
        import duckdb

        self.fresh()
        self.db = duckdb.connect(os.path.join(self.folder, "d.duckdb"))
        self.db.execute("SET threads = 2")
        self.db.execute("CREATE TABLE pts(tag INTEGER, ts BIGINT, value DOUBLE, q UTINYINT)")
        found = dict(zip(("tag", "ts", "value", "q"), self.columns(limit)))
        self.db.execute("INSERT INTO pts SELECT tag, ts, value, q FROM found")
        self.db.execute("CHECKPOINT")

    def sql(self, text):
        found = self.db.execute(text).fetchnumpy()
        return found[next(iter(found))]

    def questions(self):
        return {
            "last": lambda: self.sql(f"SELECT tag, arg_max(value, ts), max(ts) FROM pts WHERE ts > {self.end_ms - 300000} GROUP BY tag"),
            "raw": lambda: self.sql(self.raw_hour()),
            "means": lambda: self.sql(f"SELECT tag, ts // 60000 AS m, avg(value) FROM pts WHERE tag IN ({self.unit()}) GROUP BY tag, m"),
            "extremes": lambda: self.sql("SELECT tag, min(value), max(value), avg(value) FROM pts GROUP BY tag"),
        }

    def remove(self):
        if hasattr(self, "db"):
            self.db.close()
        super().remove()


class ChDB(Embedded):
    name = "chdb"

    def load(self, limit):
        import numpy as np
        from chdb import session

        self.fresh()
        self.session = session.Session(os.path.join(self.folder, "c"))
        # The generator's records are ClickHouse's row format as they lie.
        index, _ = data.layout(np)
        last = index[min(limit, len(index)) - 1]
        rows = int(last["rec"]) + int(last["n"])
        source = f"file('{data.DATA}/data.bin', 'RowBinary', 'ts Int64, value Float64, tag UInt32, q UInt8, type UInt8, pad UInt16')"
        self.session.query("CREATE DATABASE h")
        self.session.query(
            "CREATE TABLE h.pts(tag UInt32 CODEC(Delta, LZ4), ts Int64 CODEC(DoubleDelta, LZ4), value Float64 CODEC(LZ4), q UInt8) "
            "ENGINE = MergeTree ORDER BY (tag, ts)")
        self.session.query(f"INSERT INTO h.pts SELECT tag, ts, value, q FROM {source} LIMIT {rows}")
        self.session.query("OPTIMIZE TABLE h.pts FINAL")

    def sql(self, text):
        return self.session.query(text.replace("FROM pts", "FROM h.pts"), "TabSeparated").bytes()

    def rows(self, answer):
        return answer.count(b"\n")

    def questions(self):
        return {
            "last": lambda: self.sql(f"SELECT tag, argMax(value, ts), max(ts) FROM pts WHERE ts > {self.end_ms - 300000} GROUP BY tag"),
            "raw": lambda: self.sql(self.raw_hour()),
            "means": lambda: self.sql(f"SELECT tag, intDiv(ts, 60000) AS m, avg(value) FROM pts WHERE tag IN ({self.unit()}) GROUP BY tag, m"),
            "extremes": lambda: self.sql("SELECT tag, min(value), max(value), avg(value) FROM pts GROUP BY tag"),
        }

    def remove(self):
        if hasattr(self, "session"):
            self.session.close()
        super().remove()


class SQLite(Embedded):
    """Clustered by tag and instant. The last values through its index; the aggregates are left out: they take seconds."""

    name = "sqlite"

    def load(self, limit):
        import sqlite3

        self.fresh()
        self.db = sqlite3.connect(os.path.join(self.folder, "s.db"))
        self.db.execute("PRAGMA cache_size = -262144")
        self.db.execute("PRAGMA synchronous = OFF")
        self.db.execute("CREATE TABLE pts(tag INTEGER, ts INTEGER, value REAL, q INTEGER, PRIMARY KEY (tag, ts)) WITHOUT ROWID")
        columns = self.columns(limit)
        for start in range(0, len(columns[0]), 500_000):
            self.db.executemany("INSERT INTO pts VALUES (?, ?, ?, ?)", zip(*(c[start:start + 500_000].tolist() for c in columns)))
        self.db.commit()

    def questions(self):
        every = "(WITH RECURSIVE n(tag) AS (SELECT 0 UNION ALL SELECT tag + 1 FROM n WHERE tag < 1999) SELECT tag FROM n) t"
        last = f"SELECT t.tag, (SELECT value FROM pts p WHERE p.tag = t.tag ORDER BY ts DESC LIMIT 1) FROM {every}"
        return {"last": lambda: self.db.execute(last).fetchall(), "raw": lambda: self.db.execute(self.raw_hour()).fetchall()}

    def remove(self):
        if hasattr(self, "db"):
            self.db.close()
        super().remove()


ALL = {c.name: c for c in (DuckDB, ChDB, SQLite)}
